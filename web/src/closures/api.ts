import type { LonLat } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// Closures and slow-downs as `/api/roads/closures` says and takes them. Degrees, metres; times are ISO 8601.

export const reasons = ['works', 'accident', 'flood', 'control', 'event', 'other'] as const;
export type Reason = (typeof reasons)[number];

export interface StreetPart {
  name: string | null;
  nameEn: string | null;
  meters: number;
}

export type Geometry = { type: 'LineString'; coordinates: LonLat[] } | { type: 'Polygon'; coordinates: LonLat[][] };
interface Lines {
  type: 'MultiLineString';
  coordinates: LonLat[][];
}

export interface Understood {
  streets: StreetPart[];
  meters: number;
  lines: Lines;
  unmatchedMeters: number;
}

export interface Closure {
  id: string;
  version: number;
  state: 'current' | 'planned' | 'ended';
  kind: 'closed' | 'slow';
  speedFactor: number;
  emergencyPasses: boolean;
  bothDirections: boolean;
  geometry: Geometry;
  lines: Lines;
  streets: StreetPart[];
  from: string;
  until: string | null;
  liftedAt: string | null;
  reason: Reason;
  words: string | null;
  madeAt: string;
  by: string;
  department: string;
}

/** What everybody may see of a closure that has not ended: the shared layer `closures`, without who drew it and in what words. */
export interface SharedClosure {
  id: string;
  geometry: Lines;
  properties: {
    kind: Closure['kind'];
    state: 'current' | 'planned';
    speed_factor: number;
    valid_from: string;
    valid_until: string | null;
  };
}

export interface ClosureList {
  now: string;
  mayDraw: boolean;
  closures: Closure[];
  more: boolean;
}

export interface HistoryEntry {
  version: number;
  type: 'made' | 'changed' | 'lifted';
  at: string;
  by: string;
  department: string;
  closure: Closure;
}

export interface ClosureWish {
  commandId: string;
  geometry: Geometry | null;
  bothDirections: boolean;
  kind: Closure['kind'];
  speedFactor: number | null;
  emergencyPasses: boolean;
  from: string | null;
  until: string | null;
  reason: Reason;
  words: string | null;
}

export interface Along {
  street: string;
  crossings: { node: number; street: string; streetEn: string; lon: number; lat: number }[];
  geometry: Extract<Geometry, { type: 'LineString' }> | null;
}

const path = '/api/roads/closures';

export const closuresApi = {
  /** Those that count now and those that are planned, or with `ended` those of before. */
  list: (state: 'ended' | null, signal?: AbortSignal) =>
    request<ClosureList>('GET', state ? `${path}?state=${state}` : path, { signal }),
  shared: (signal?: AbortSignal) =>
    request<{ features: SharedClosure[] }>('GET', '/ogc/collections/closures/items?limit=1000', { signal }),
  read: (id: string, signal?: AbortSignal) =>
    request<{ closure: Closure; history: HistoryEntry[] }>('GET', `${path}/${id}`, { signal }),
  preview: (geometry: Geometry, bothDirections: boolean, signal?: AbortSignal) =>
    request<Understood>('POST', `${path}/preview`, { body: { geometry, bothDirections }, signal }),
  along: (street: string, from: number | null, to: number | null, signal?: AbortSignal) => {
    const query = new URLSearchParams({ street });
    if (from !== null && to !== null) {
      query.set('from', String(from));
      query.set('to', String(to));
    }
    return request<Along>('GET', `${path}/along?${query}`, { signal });
  },
  make: (wish: ClosureWish) => request<Closure>('POST', path, { body: wish }),
  change: (id: string, version: number, wish: ClosureWish) =>
    request<Closure>('PUT', `${path}/${id}`, { body: wish, ifMatch: `"${version}"` }),
  lift: (id: string) => request<Closure>('POST', `${path}/${id}/lift`, { body: { commandId: newId() } }),
};
