import type { FoundPlace, LonLat, NamedPlace, NewIncident, PlaceKind, Priority } from '../api/contract';
import { formatPoint } from '../shell/geo';
import { type DraftTriage, noTriage } from '../triage/triage';

// A call being taken, kept in this browser so that no crash, reload or lost session costs a word of it.

export interface DraftPlace {
  lon: number;
  lat: number;
  source: PlaceKind | 'map';
  district: string;
  /** How far off it may be. An estimate from what was chosen, not a measurement. */
  certaintyMeters: number;
  /** The address that we gave a point of the map: its coordinates, then its name. Null while the words are somebody's own. */
  given: string | null;
  /** The caller's own telephone or page said it: then the certainty is a measurement. */
  isMeasured?: boolean;
}

/** What else the caller is asked, as it is typed; empty where nobody knows. */
export interface DraftFacts {
  conscious: '' | 'yes' | 'no';
  breathing: '' | 'yes' | 'no';
  sex: '' | 'male' | 'female';
  age: string;
  persons: string;
  remarks: string;
}

const noFacts: DraftFacts = { conscious: '', breathing: '', sex: '', age: '', persons: '', remarks: '' };

export interface Draft {
  /** Sent with every try to submit: a retry after a lost answer opens no second incident. */
  commandId: string;
  /** The call that is typed of; null where nobody rang. */
  callId: string | null;
  type: string;
  address: string;
  place: DraftPlace | null;
  /** What was typed before the map gave the place a name. */
  callerWords: string;
  detail: string;
  complaint: string;
  priority: Priority;
  /** Somebody chose the priority: another type does not change it. */
  isPriorityChosen: boolean;
  facts: DraftFacts;
  triage: DraftTriage;
  readBack: boolean;
  callbackNumber: string;
  callerName: string;
  startedAt: number;
  savedAt: number | null;
}

export const newDraft = (commandId: string, now: number): Draft => ({
  commandId,
  callId: null,
  type: 'medical',
  address: '',
  place: null,
  callerWords: '',
  detail: '',
  complaint: '',
  // Until something better is known, treat as critical: sending too much is the safer mistake.
  priority: 2,
  isPriorityChosen: false,
  facts: noFacts,
  triage: noTriage,
  readBack: false,
  callbackNumber: '',
  callerName: '',
  startedAt: now,
  savedAt: null,
});

export const isBlank = (draft: Draft): boolean =>
  [draft.address, draft.detail, draft.complaint, draft.callbackNumber, draft.callerName, ...Object.values(draft.facts)].every(
    (text) => text.trim() === '',
  ) && !draft.place;

const certainty: Record<PlaceKind, number> = { address: 15, crossing: 30, poi: 40, km: 50, layer: 50, street: 300, place: 800 };
/** A house number that was worked out from its neighbours, or is one of them. */
const beside = 60;

export const placeFromGazetteer = (found: FoundPlace): DraftPlace => ({
  lon: found.lon,
  lat: found.lat,
  source: found.kind,
  district: found.district,
  certaintyMeters:
    found.certainty === 'exact' || found.certainty === 'street' ? certainty[found.kind] : Math.max(beside, certainty[found.kind]),
  given: null,
});

/** Nobody typed the address: there is none yet, or it is the one that the map gave its point. */
export const isGiven = ({ address, place }: Draft): boolean =>
  address.trim() === '' || (place !== null && address === place.given);

type Put = Pick<Draft, 'place' | 'address' | 'readBack'>;

/** What a point changes. Words that somebody typed stay; where there are none, the coordinates are at least true. */
function putAt(draft: Draft, at: LonLat, certaintyMeters: number, isMeasured: boolean): Put {
  const given = isGiven(draft) ? formatPoint(at) : null;
  const place: DraftPlace = { lon: at[0], lat: at[1], source: 'map', district: '', certaintyMeters, given, isMeasured };
  return { place, address: given ?? draft.address, readBack: false };
}

/** A point of the map is as exact as eight pixels of it. */
export const putOnMap = (draft: Draft, at: LonLat, metersPerPixel: number): Put =>
  putAt(draft, at, Math.max(5, Math.round((metersPerPixel * 8) / 5) * 5), false);

/** Where nobody said how far off the caller may be, as far as half a street. */
const unsaidMeters = 100;

export const putAtCaller = (draft: Draft, place: { lon: number; lat: number; uncertaintyMeters: number | null }): Put =>
  putAt(draft, [place.lon, place.lat], Math.round(place.uncertaintyMeters ?? unsaidMeters), true);

/** What the name of a point changes, if it comes before anybody went on: what was typed is kept as the caller's words. */
export function nameOnMap(draft: Draft, asked: Draft, named: NamedPlace): Partial<Draft> {
  const isSame =
    draft.commandId === asked.commandId && draft.place?.lon === asked.place?.lon && draft.place?.lat === asked.place?.lat;
  // What is too long to be kept stays where it can be seen and shortened.
  const isTooLong = draft.address.trim().length > 200;
  if (!isSame || !draft.place || draft.address !== asked.address || draft.readBack || isTooLong) {
    return {};
  }
  return {
    address: named.name,
    callerWords: isGiven(draft) ? draft.callerWords : draft.address.trim(),
    place: { ...draft.place, district: (named.district?.name ?? '') + (named.town?.name ?? ''), given: named.name },
  };
}

export type DraftField =
  | 'address'
  | 'place'
  | 'detail'
  | 'complaint'
  | 'callbackNumber'
  | 'callerName'
  | 'age'
  | 'persons'
  | 'remarks';
export type Fault = { field: DraftField; why: 'missing' | 'bad' } | { field: DraftField; why: 'tooLong'; most: number };

const longest: Partial<Record<DraftField, number>> = { address: 200, detail: 200, complaint: 200, callerName: 60 };

/** What keeps the draft from being submitted, in the order of the fields. */
export function faults(draft: Draft): Fault[] {
  const found: Fault[] = [];
  if (draft.address.trim() === '') {
    found.push({ field: 'address', why: 'missing' });
  } else if (!draft.place) {
    found.push({ field: 'place', why: 'missing' });
  }
  if (draft.complaint.trim() === '') {
    found.push({ field: 'complaint', why: 'missing' });
  }
  for (const [field, most] of Object.entries(longest) as ['address' | 'detail' | 'complaint' | 'callerName', number][]) {
    if (draft[field].trim().length > most) {
      found.push({ field, why: 'tooLong', most });
    }
  }
  if (!/^[0-9+\- *]{0,32}$/.test(foldWidth(draft.callbackNumber).trim())) {
    found.push({ field: 'callbackNumber', why: 'bad' });
  }
  for (const field of ['age', 'persons'] as const) {
    if (!/^[0-9]{0,3}$/.test(foldWidth(draft.facts[field]).trim()) || (numberIn(draft.facts[field]) ?? 1) > mostOf[field]) {
      found.push({ field, why: 'bad' });
    }
  }
  if (draft.facts.remarks.trim().length > 500) {
    found.push({ field: 'remarks', why: 'tooLong', most: 500 });
  }
  return found;
}

const mostOf = { age: 130, persons: 999 };

const numberIn = (text: string): number | null => (text.trim() === '' ? null : Number(foldWidth(text).trim()));
const yesIn = (answer: '' | 'yes' | 'no'): boolean | null => (answer === '' ? null : answer === 'yes');

/** Null where nothing was asked. */
function factsOf(facts: DraftFacts): NewIncident['facts'] {
  return Object.values(facts).every((text) => text.trim() === '')
    ? null
    : {
        conscious: yesIn(facts.conscious),
        breathing: yesIn(facts.breathing),
        ageYears: numberIn(facts.age),
        sex: facts.sex || null,
        persons: numberIn(facts.persons) || null,
        remarks: facts.remarks.trim() || null,
      };
}

/** Digits typed in full width by an input method count as digits. */
const foldWidth = (text: string) => text.normalize('NFKC');

export function toRequest(draft: Draft): NewIncident {
  if (!draft.place) {
    throw new Error('A draft without a place is not submitted.');
  }
  return {
    commandId: draft.commandId,
    callId: draft.callId,
    type: draft.type,
    priority: draft.priority,
    complaint: draft.complaint.trim(),
    callbackNumber: foldWidth(draft.callbackNumber).trim() || null,
    callerName: draft.callerName.trim() || null,
    place: {
      lon: draft.place.lon,
      lat: draft.place.lat,
      address: draft.address.trim(),
      detail: draft.detail.trim() || null,
      foundBy: draft.place.source === 'map' && !isGiven(draft) ? 'caller' : draft.place.source,
      callerWords: draft.callerWords || null,
    },
    readBack: draft.readBack,
    facts: factsOf(draft.facts),
    receivedAt: new Date(draft.startedAt).toISOString(),
  };
}

const key = (userName: string) => `geodispatch.drafts.${userName}`;

export const isDraft = (kept: unknown): kept is Draft =>
  typeof kept === 'object' && kept !== null && 'commandId' in kept && typeof kept.commandId === 'string';

/** One of an older version lacks what came since. */
export const completed = (draft: Draft): Draft => ({
  ...newDraft(draft.commandId, draft.startedAt),
  ...draft,
  facts: { ...noFacts, ...draft.facts },
});

export function loadDrafts(storage: Pick<Storage, 'getItem'>, userName: string): Draft[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key(userName)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isDraft).map(completed) : [];
  } catch {
    // Written by another version or cut short: a new start is better than no start.
    return [];
  }
}

/** Keeps one draft beside the others; a blank one is not kept. */
export function saveDraft(storage: Storage, userName: string, draft: Draft): void {
  const others = loadDrafts(storage, userName).filter((other) => other.commandId !== draft.commandId);
  storage.setItem(key(userName), JSON.stringify(isBlank(draft) ? others : [...others, draft]));
}

export function removeDraft(storage: Storage, userName: string, commandId: string): void {
  storage.setItem(key(userName), JSON.stringify(loadDrafts(storage, userName).filter((draft) => draft.commandId !== commandId)));
}
