import type { Hospital, IncidentSummary, LonLat } from '../api/contract';
import type { ThemeName } from '../shell/theme';
import type { UnitView } from '../units/api';
import type { Picked } from './scene';

// What a page wants its map to show, and what the map tells it.

export interface MapContent {
  theme: ThemeName;
  units: readonly UnitView[];
  incidents: readonly IncidentSummary[];
  hospitals: readonly Hospital[];
  incidentId: string | null;
  unitId: string | null;
  /** A vehicle that is no unit of ours. */
  vehicleId?: string | null;
  route: readonly LonLat[] | null;
  pin: Place | null;
  /** Where a caller's own telephone says that it is. */
  caller?: Place | null;
  /** A place that was searched for. */
  found?: LonLat | null;
  closures?: readonly MapClosure[];
  closureId?: string | null;
  drawing?: MapDrawing | null;
  cover?: MapCover | null;
  /** Vehicles that are none of `units` are left out: a crew looks for its own way. */
  hidesFleet?: boolean;
}

/** A point and how far off it may be. */
export interface Place {
  at: LonLat;
  certaintyMeters: number;
}

/** A closure or slow-down: what it means on the network, and its label. */
export interface MapClosure {
  id: string;
  /** Another one where anything of it changed. */
  version: number | string;
  lines: readonly LonLat[][];
  isPlanned: boolean;
  isSlow: boolean;
  label: string;
  labelAt: LonLat;
}

/** Squares whose addresses are not reached in time, each by its south-west and north-east corner. */
export interface MapCover {
  /** Another one where anything of it changed. */
  version: string;
  near: readonly [LonLat, LonLat][];
  beyond: readonly [LonLat, LonLat][];
}

/** What is being drawn, and what was understood of it. */
export interface MapDrawing {
  points: readonly LonLat[];
  isArea: boolean;
  lines: readonly LonLat[][];
}

export interface MapEvents {
  picked(picked: Picked): void;
  clicked(at: LonLat): void;
}

/** An empty map, to be filled by `{ ...nothing, … }`. */
export const nothing: MapContent = {
  theme: 'day',
  units: [],
  incidents: [],
  hospitals: [],
  incidentId: null,
  unitId: null,
  route: null,
  pin: null,
};
