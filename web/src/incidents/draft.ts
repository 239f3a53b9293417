import type { FoundPlace, NewIncident, PlaceKind, Priority } from '../api/contract';

// A call being taken, kept in this browser so that no crash, reload or lost session costs a word of it.

export interface DraftPlace {
  lon: number;
  lat: number;
  source: PlaceKind | 'map';
  district: string;
  /** How far off it may be. An estimate from what was chosen, not a measurement. */
  certaintyMeters: number;
}

export interface Draft {
  /** Sent with every try to submit: a retry after a lost answer opens no second incident. */
  commandId: string;
  address: string;
  place: DraftPlace | null;
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

const certainty: Record<PlaceKind, number> = { address: 15, poi: 40, street: 300, place: 800 };

export const placeFromGazetteer = (found: FoundPlace): DraftPlace => ({
  lon: found.lon,
  lat: found.lat,
  source: found.kind,
  district: found.district,
  certaintyMeters: certainty[found.kind],
});

/** A click on the map is as exact as eight pixels of it. */
export const placeFromMap = (lon: number, lat: number, metersPerPixel: number): DraftPlace => ({
  lon,
  lat,
  source: 'map',
  district: '',
  certaintyMeters: Math.max(5, Math.round((metersPerPixel * 8) / 5) * 5),
});

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
    place: { lon: draft.place.lon, lat: draft.place.lat, address: draft.address.trim(), detail: draft.detail.trim() || null },
    readBack: draft.readBack,
    receivedAt: new Date(draft.startedAt).toISOString(),
  };
}

const key = (userName: string) => `geodispatch.drafts.${userName}`;

export function loadDrafts(storage: Pick<Storage, 'getItem'>, userName: string): Draft[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key(userName)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((draft): draft is Draft => typeof draft?.commandId === 'string') : [];
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
