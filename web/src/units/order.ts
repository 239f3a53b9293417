import type { VehiclePosition } from '../api/contract';
import type { UnitView } from './api';

const collator = new Intl.Collator('zh-CN', { numeric: true });

/** Rows stay where they are: agencies in the order of the board, then by station and call sign. Only their cells change. */
export function rowsByStation<Unit extends Pick<UnitView, 'agency' | 'stationName' | 'callSign'>>(
  units: readonly Unit[],
): Unit[] {
  const agencies = [...new Set(units.map((unit) => unit.agency))];
  return [...units].sort(
    (one, other) =>
      agencies.indexOf(one.agency) - agencies.indexOf(other.agency) ||
      collator.compare(one.stationName, other.stationName) ||
      collator.compare(one.callSign, other.callSign),
  );
}

export interface UnitPlace {
  lon: number;
  lat: number;
  time: string | null;
  from: 'fix' | 'station';
  speedKmh: number | null;
  headingDegrees: number | null;
}

/** Where a unit is: the newest fix that the feed or the board knows, else its station. */
export function unitPlace(
  unit: Pick<UnitView, 'position' | 'stationLon' | 'stationLat'>,
  live: Omit<VehiclePosition, 'vehicleId' | 'plate' | 'kind'> | undefined,
): UnitPlace {
  if (live && !(unit.position && Date.parse(unit.position.time) > Date.parse(live.time))) {
    const { lon, lat, time, speedKmh, headingDegrees } = live;
    return { lon, lat, time, from: 'fix', speedKmh, headingDegrees };
  }
  return unit.position
    ? { ...unit.position, from: 'fix', speedKmh: null, headingDegrees: null }
    : { lon: unit.stationLon, lat: unit.stationLat, time: null, from: 'station', speedKmh: null, headingDegrees: null };
}

export interface StationState {
  id: string;
  name: string;
  lon: number;
  lat: number;
  free: number;
  total: number;
}

/** The stations, known from the units that belong to them. */
export function stationsOf(units: readonly UnitView[]): StationState[] {
  const stations = new Map<string, StationState>();
  for (const unit of units) {
    const station = stations.get(unit.stationId) ?? {
      id: unit.stationId,
      name: unit.stationName,
      lon: unit.stationLon,
      lat: unit.stationLat,
      free: 0,
      total: 0,
    };
    station.total++;
    station.free += unit.status === 'available' ? 1 : 0;
    stations.set(unit.stationId, station);
  }
  return [...stations.values()];
}
