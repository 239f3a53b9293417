import type { FoundPlace, LonLat, NamedPlace, NewIncident, PlaceKind, Priority } from '../api/contract';
import { formatPoint } from '../shell/geo';

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
}

export interface Draft {
  /** Sent with every try to submit: a retry after a lost answer opens no second incident. */
  commandId: string;
  address: string;
  place: DraftPlace | null;
  /** What was typed before the map gave the place a name. */
  callerWords: string;
  detail: string;
  complaint: string;
  priority: Priority;
  readBack: boolean;
  callbackNumber: string;
  callerName: string;
  startedAt: number;
  savedAt: number | null;
}

export const newDraft = (commandId: string, now: number): Draft => ({
  commandId,
  address: '',
  place: null,
  callerWords: '',
  detail: '',
  complaint: '',
  // Until something better is known, treat as critical: sending too much is the safer mistake.
  priority: 2,
  readBack: false,
  callbackNumber: '',
  callerName: '',
  startedAt: now,
  savedAt: null,
});

export const isBlank = (draft: Draft): boolean =>
  [draft.address, draft.detail, draft.complaint, draft.callbackNumber, draft.callerName].every((text) => text.trim() === '') &&
  !draft.place;

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

/**
 * What a point of the map changes; it is as exact as eight pixels of it. Words that somebody typed stay; where there are none, the
 * coordinates are at least true.
 */
export function putOnMap(draft: Draft, at: LonLat, metersPerPixel: number): Pick<Draft, 'place' | 'address' | 'readBack'> {
  const given = isGiven(draft) ? formatPoint(at) : null;
  const certaintyMeters = Math.max(5, Math.round((metersPerPixel * 8) / 5) * 5);
  const place: DraftPlace = { lon: at[0], lat: at[1], source: 'map', district: '', certaintyMeters, given };
  return { place, address: given ?? draft.address, readBack: false };
}

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

export type DraftField = 'address' | 'place' | 'detail' | 'complaint' | 'callbackNumber' | 'callerName';
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
  return found;
}

/** Digits typed in full width by an input method count as digits. */
const foldWidth = (text: string) => text.normalize('NFKC');

export function toRequest(draft: Draft): NewIncident {
  if (!draft.place) {
    throw new Error('A draft without a place is not submitted.');
  }
  return {
    commandId: draft.commandId,
    type: 'medical',
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
    receivedAt: new Date(draft.startedAt).toISOString(),
  };
}

const key = (userName: string) => `geodispatch.drafts.${userName}`;

export function loadDrafts(storage: Pick<Storage, 'getItem'>, userName: string): Draft[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key(userName)) ?? '[]');
    // One of an older version has no words of the caller.
    return Array.isArray(kept)
      ? kept
          .filter((draft): draft is Draft => typeof draft?.commandId === 'string')
          .map((draft) => ({ ...draft, callerWords: draft.callerWords ?? '' }))
      : [];
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
