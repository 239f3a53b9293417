import type { LonLat, Priority } from '../api/contract';
import { newId } from '../api/server';
import { initialsOf, plain } from '../command/names';
import type { UnitView } from '../units/api';
import type { Area, Capability, CardView, CardWish, Need, TypeView, TypeWish } from './api';

// What is being written of a type or a run card, and what of it is sent. Fields hold text; the server says what is wrong with it.

const most = { needs: 12, units: 20 };

export interface TypeDraft extends Omit<TypeWish, 'words' | 'ordinal'> {
  code: string;
  words: string;
  ordinal: string;
}

export const typeDraftOf = (type: TypeView): TypeDraft => ({
  code: type.code,
  name: type.name,
  nameEn: type.nameEn,
  lead: type.lead,
  others: type.others,
  priority: type.priority,
  words: type.words.join(' '),
  ordinal: String(type.ordinal),
  active: type.active,
});

/** Comes last of all. */
export const newTypeDraft = (types: readonly TypeView[], lead: string): TypeDraft => ({
  code: '',
  name: '',
  nameEn: '',
  lead,
  others: [],
  priority: 3,
  words: '',
  ordinal: String(Math.max(0, ...types.map(({ ordinal }) => ordinal)) + 1),
  active: true,
});

/** Words stand apart by spaces or by a comma of either writing. */
export const wordsOf = (text: string): string[] => text.split(/[\s,，、;；]+/).filter((word) => word !== '');

export const typeWishOf = ({ code: _, words, ordinal, others, ...rest }: TypeDraft): TypeWish => ({
  ...rest,
  // Whose it is need not be sent beside himself.
  others: others.filter((agency) => agency !== rest.lead),
  words: wordsOf(words),
  ordinal: ordinal === '' ? null : Number(ordinal),
});

export interface NeedDraft {
  /** Tells the rows apart while they are written. */
  key: string;
  capability: string;
  count: string;
}

export interface CardDraft {
  id: string;
  name: string;
  type: string;
  /** Empty: all. */
  priority: string;
  /** As it is kept; holes in it are kept too as long as nobody draws it anew. */
  area: Area | null;
  needs: NeedDraft[];
}

export const newNeed = (capability = '', count = '1'): NeedDraft => ({ key: newId(), capability, count });

export const newCardDraft = (type: string): CardDraft => ({
  id: newId(),
  name: '',
  type,
  priority: '',
  area: null,
  needs: [newNeed()],
});

export const cardDraftOf = (card: CardView): CardDraft => ({
  id: card.id,
  name: card.name,
  type: card.type,
  priority: card.priority === null ? '' : String(card.priority),
  area: card.area,
  needs: card.needs.map(({ capability, count }) => newNeed(capability, String(count))),
});

export const needsOf = (needs: readonly NeedDraft[]): Need[] =>
  needs.map(({ capability, count }) => ({ capability, count: Number(count) }));

export const cardWishOf = ({ name, type, priority, area, needs }: CardDraft): CardWish => ({
  name,
  type,
  priority: priority === '' ? null : (Number(priority) as Priority),
  area,
  needs: needsOf(needs),
});

/** The rows that mean something already: what cannot be filled of them is asked while the others are written. */
export const askableNeeds = (needs: readonly NeedDraft[]): Need[] =>
  needsOf(needs)
    .filter(({ capability, count }) => capability !== '' && Number.isInteger(count) && count >= 1 && count <= most.units)
    .slice(0, most.needs);

/** The corners of an area, without the first one again at its end. */
export const cornersOf = (area: Area | null): readonly LonLat[] => {
  const ring = area?.coordinates[0] ?? [];
  return ring.length > 3 ? ring.slice(0, -1) : ring;
};

/** Fewer than three corners stay what they are: sent so, the server refuses them, and the card does not come to count everywhere. */
export const areaOf = (corners: readonly LonLat[]): Area => {
  const [first] = corners;
  return { type: 'Polygon', coordinates: [first && corners.length > 2 ? [...corners, first] : [...corners]] };
};

/** Units whose call sign, plate, station, crew or skill holds the text, or begins with it by its initials. */
export function unitsFor(units: readonly UnitView[], text: string, capabilities: readonly Capability[]): UnitView[] {
  const skills = new Map(capabilities.map((one) => [one.code, [one.name, one.nameEn]]));
  return matching(units, text, (unit) => [
    unit.callSign,
    unit.plate,
    unit.stationName,
    ...unit.crew.map(({ name }) => name),
    ...unit.capabilities.flatMap((code) => skills.get(code) ?? [code]),
  ]);
}

/** The things of which a name holds the text, or whose initials begin with it; all of them without a text. */
export function matching<Thing>(things: readonly Thing[], text: string, namesOf: (thing: Thing) => readonly string[]): Thing[] {
  const wanted = plain(text);
  return wanted === ''
    ? [...things]
    : things.filter((thing) =>
        namesOf(thing).some((name) => plain(name).includes(wanted) || initialsOf(name).startsWith(wanted)),
      );
}
