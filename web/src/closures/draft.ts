import type { LonLat } from '../api/contract';
import { newId } from '../api/server';
import { formatDate, formatTime } from '../shell/formats';
import type { Closure, ClosureWish, Geometry, Reason } from './api';

// What is being drawn, and what of it is sent. Times in the fields are the city's own, whatever the desk's computer is set to.

const cityOffset = '+08:00';
const hourMs = 3_600_000;

export type Until = 'hour' | 'twoHours' | 'today' | 'open' | 'at';
export const untilChoices: readonly Until[] = ['hour', 'twoHours', 'today', 'open', 'at'];

export interface ClosureDraft {
  /** The closure that is changed; null for a new one. */
  of: { id: string; version: number } | null;
  /** Another with each change of the draft: pressing again after a failure sends the same command. */
  commandId: string;
  way: 'street' | 'map';
  isArea: boolean;
  points: readonly LonLat[];
  bothDirections: boolean;
  kind: Closure['kind'];
  speedPercent: number;
  emergencyPasses: boolean;
  /** `2026-11-25T08:00`; empty where it begins at once. */
  from: string;
  until: Until;
  untilAt: string;
  reason: Reason;
  words: string;
}

export const newDraft = (): ClosureDraft => ({
  of: null,
  commandId: newId(),
  way: 'street',
  isArea: false,
  points: [],
  bothDirections: true,
  kind: 'closed',
  speedPercent: 50,
  emergencyPasses: false,
  from: '',
  until: 'open',
  untilAt: '',
  reason: 'works',
  words: '',
});

export function draftOf(closure: Closure): ClosureDraft {
  const { geometry } = closure;
  return {
    ...newDraft(),
    of: { id: closure.id, version: closure.version },
    way: 'map',
    isArea: geometry.type === 'Polygon',
    // The ring is closed by itself.
    points: geometry.type === 'Polygon' ? (geometry.coordinates[0] ?? []).slice(0, -1) : geometry.coordinates,
    bothDirections: closure.bothDirections,
    kind: closure.kind,
    speedPercent: closure.kind === 'slow' ? Math.round(closure.speedFactor * 100) : 50,
    emergencyPasses: closure.emergencyPasses,
    from: fieldOf(Date.parse(closure.from)),
    until: closure.until ? 'at' : 'open',
    untilAt: closure.until ? fieldOf(Date.parse(closure.until)) : '',
    reason: closure.reason,
    words: closure.words ?? '',
  };
}

/** What is drawn so far; null while it is too little to mean anything. */
export function geometryOf({ points, isArea }: Pick<ClosureDraft, 'points' | 'isArea'>): Geometry | null {
  const [first] = points;
  if (!first || points.length < (isArea ? 3 : 2)) {
    return null;
  }
  return isArea ? { type: 'Polygon', coordinates: [[...points, first]] } : { type: 'LineString', coordinates: [...points] };
}

export function wishOf(draft: ClosureDraft, nowMs: number): ClosureWish {
  return {
    commandId: draft.commandId,
    geometry: geometryOf(draft),
    bothDirections: draft.bothDirections,
    kind: draft.kind,
    speedFactor: draft.kind === 'slow' ? draft.speedPercent / 100 : null,
    emergencyPasses: draft.emergencyPasses,
    from: draft.from === '' ? null : momentOf(draft.from),
    until: untilOf(draft, nowMs),
    reason: draft.reason,
    words: draft.words.trim() || null,
  };
}

/** An hour counts from when the closure begins. */
function untilOf({ until, untilAt, from }: ClosureDraft, nowMs: number): string | null {
  const begins = Math.max(nowMs, from === '' ? nowMs : Date.parse(`${from}${cityOffset}`));
  switch (until) {
    case 'hour':
      return new Date(begins + hourMs).toISOString();
    case 'twoHours':
      return new Date(begins + 2 * hourMs).toISOString();
    case 'today':
      return new Date(Date.parse(`${formatDate(begins)}T00:00:00${cityOffset}`) + 24 * hourMs).toISOString();
    case 'at':
      return untilAt === '' ? null : momentOf(untilAt);
    default:
      return null;
  }
}

/** What a field for day and time says, in the city's own time. */
export const momentOf = (field: string) => new Date(`${field}${cityOffset}`).toISOString();

/** As a field for day and time takes it: `2026-11-25T08:00`. */
export const fieldOf = (ms: number): string => `${formatDate(ms)}T${formatTime(ms).slice(0, 5)}`;
