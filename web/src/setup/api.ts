import type { Bilingual, IncidentType, LonLat, Priority } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';
import type { UnitView } from '../units/api';

// What a city keeps of its units, types and run cards, as the server says and takes it.

export interface Named {
  code: string;
  name: string;
  nameEn: string;
}

export interface Capability extends Named {
  /** Code of the agency whose units alone can do it. */
  agency: string;
}

export interface TypeView extends Omit<IncidentType, 'lead'> {
  lead: string;
  /** Codes of the agencies that are sent beside the one whose it is. */
  others: string[];
  ordinal: number;
  version: number;
}

export interface Reference {
  agencies: Named[];
  types: TypeView[];
  capabilities: Capability[];
  outReasons: Named[];
  crewRoles: Named[];
}

export interface Need {
  capability: string;
  count: number;
}

/** What the city's units leave open of some needs: all of them, and those that have a crew and are in service. */
export interface Gap {
  missing: Bilingual | null;
  missingNow: Bilingual | null;
}

export interface Area {
  type: 'Polygon';
  coordinates: LonLat[][];
}

export interface CardWish {
  name: string;
  type: string;
  /** Null holds for all. */
  priority: Priority | null;
  /** Null holds everywhere. */
  area: Area | null;
  needs: Need[];
}

export interface CardView extends CardWish {
  id: string;
  synthetic: boolean;
  version: number;
  gap: Gap;
}

export interface StationView {
  id: string;
  name: string;
  nameEn: string;
  agency: string;
}

export interface TypeWish {
  name: string;
  nameEn: string;
  lead: string;
  others: string[];
  priority: Priority;
  words: string[];
  ordinal: number | null;
  active: boolean;
}

/** What is done with a unit, by the last part of its path. */
export type UnitAct = 'capabilities' | 'station' | 'rest' | 'take-out' | 'bring-back' | 'log-on' | 'log-off' | 'crew';

const etag = (version: number) => `"${version}"`;
/** The version that was read; without one it must be new. */
const seen = (version: number | null) => (version === null ? { isNew: true } : { ifMatch: etag(version) });

export const setup = {
  reference: (signal?: AbortSignal) => request<Reference>('GET', '/api/dispatch/reference', { signal }),
  stations: (signal?: AbortSignal) => request<{ stations: StationView[] }>('GET', '/api/stations', { signal }),
  cards: (signal?: AbortSignal) => request<{ cards: CardView[] }>('GET', '/api/run-cards', { signal }),
  gap: (needs: readonly Need[], signal?: AbortSignal) => request<Gap>('POST', '/api/run-cards/gap', { body: { needs }, signal }),
  // A path needs a code: of `-` the server says what one looks like.
  saveType: (code: string, wish: TypeWish, version: number | null) =>
    request<TypeView>('PUT', `/api/dispatch/types/${encodeURIComponent(code.trim() || '-')}`, { body: wish, ...seen(version) }),
  saveCard: (id: string, wish: CardWish, version: number | null) =>
    request<CardWish & { id: string; version: number }>('PUT', `/api/run-cards/${id}`, { body: wish, ...seen(version) }),
  deleteCard: (id: string, version: number) => request<null>('DELETE', `/api/run-cards/${id}`, { ifMatch: etag(version) }),
  changeUnit: (id: string, version: number, act: UnitAct, body: object) =>
    request<UnitView>('POST', `/api/units/${id}/${act}`, { body: { commandId: newId(), ...body }, ifMatch: etag(version) }),
};
