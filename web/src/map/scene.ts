import type { Hospital, IncidentSummary, LonLat } from '../api/contract';
import type { ThemeName } from '../shell/theme';
import type { AgeClass } from '../units/age';
import type { UnitView } from '../units/api';
import type { StationState, UnitPlace } from '../units/order';
import type { UnitState } from '../units/states';
import type { Cluster } from './clusters';
import type { MapClosure, MapCover, MapDrawing, Place } from './content';
import type { Label } from './labels';
import type { Atlas } from './symbols';

// What the layers are given to draw. Every layer file is a function from a scene to layers; none keeps a state.

export interface UnitMark {
  id: string;
  unit: UnitView;
  place: UnitPlace;
  state: UnitState;
  age: AgeClass;
  ageSeconds: number | null;
  /** Where it is drawn at this frame: on its glide. */
  at: LonLat;
  /** Pixels from there: those parked at a station stand in a row beneath its house. */
  offset: [right: number, down: number];
}

/** A vehicle of the city that is no unit of ours, where it is labelled or selected. */
export interface FleetMark {
  id: string;
  at: LonLat;
  plate: string;
  age: AgeClass;
  ageSeconds: number;
}

export interface Scene {
  theme: ThemeName;
  atlas: Atlas;
  units: UnitMark[];
  clusters: Cluster[];
  zoom: number;
  incidents: readonly IncidentSummary[];
  stations: readonly StationState[];
  hospitals: readonly Hospital[];
  labels: Label[];
  selected: { at: LonLat; offset: [right: number, down: number] }[];
  route: readonly LonLat[] | null;
  pin: Place | null;
  caller: Place | null;
  found: LonLat | null;
  closures: readonly MapClosure[];
  closureId: string | null;
  drawing: MapDrawing | null;
  cover: MapCover | null;
  /** Pixels of the map. */
  room: [width: number, height: number];
  /** Grows at each frame in which something moved. */
  frame: number;
}

/** All that the graphics card draws of a scene, the vehicles of the feed aside: where it is the same, so is the picture. */
export function pictureOf({ theme, units, incidents, stations, hospitals, selected, pin, found }: Scene): string {
  const shown = units.map(({ id, at, offset, state, age, place }) => [
    id,
    at,
    offset,
    state,
    age,
    place.speedKmh,
    place.headingDegrees,
  ]);
  return JSON.stringify([theme, shown, incidents, stations, hospitals, selected, pin, found]);
}

export type Picked = { kind: 'unit' | 'incident' | 'vehicle' | 'closure'; id: string };
