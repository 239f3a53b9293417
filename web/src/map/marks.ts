import type { IncidentSummary, LonLat, UnitView, VehiclePosition } from '../api/contract';
import { formatAge } from '../shell/formats';
import { metersBetween } from '../shell/geo';
import { ageClass } from '../units/age';
import { type StationState, unitPlace } from '../units/order';
import { stateOf } from '../units/states';
import type { Label } from './labels';
import type { UnitMark } from './scene';
import { diamondPixels } from './symbolChoice';

/** As near as this to its station a standing unit is parked there. */
const parkedMeters = 80;
const rowPixels = 38;

/**
 * Joins what the board knows of a unit with what the feed knows of its vehicle. A free unit that never sent a fix has no
 * place of its own: its station's count stands for it, unless it is looked at.
 */
export function unitMarks(
  units: readonly UnitView[],
  live: ReadonlyMap<string, VehiclePosition>,
  drawnAt: (id: string, to: LonLat) => LonLat,
  nowMs: number,
  speed: number,
  lookedAt: readonly (string | null | undefined)[] = [],
): UnitMark[] {
  const marks = units.map((unit): UnitMark => {
    const place = unitPlace(unit, live.get(unit.vehicleId));
    const ageSeconds = place.time === null ? null : Math.max(0, (nowMs - Date.parse(place.time)) / 1000);
    return {
      id: unit.id,
      unit,
      place,
      state: stateOf(unit),
      // A unit that never sent a fix stands at its station: known by roster, not by a fix that grew old.
      age: place.from === 'station' ? 'old' : ageClass(ageSeconds, speed),
      ageSeconds,
      at: drawnAt(unit.vehicleId, [place.lon, place.lat]),
      offset: [0, 0],
    };
  });
  const shown = marks.filter(
    ({ id, unit, place }) => place.from === 'fix' || unit.status === 'assigned' || lookedAt.includes(id),
  );
  parkInRows(shown);
  return shown;
}

const isAtScene = ({ state }: UnitMark) => state === 'onScene' || state === 'atPatient';

/** Units at one station, or at one scene, would hide each other and what they stand at: they are put side by side beneath it. */
function parkInRows(marks: readonly UnitMark[]): void {
  const rows = new Map<string, UnitMark[]>();
  for (const mark of marks) {
    const { stationId, stationLon, stationLat, incidentId } = mark.unit;
    const isHome = (mark.place.speedKmh ?? 0) <= 5 && metersBetween(mark.at, [stationLon, stationLat]) < parkedMeters;
    const where = isAtScene(mark) ? incidentId : isHome ? stationId : null;
    if (where !== null) {
      rows.set(where, [...(rows.get(where) ?? []), mark]);
    }
  }
  for (const row of rows.values()) {
    row.forEach((mark, index) => {
      // A diamond is larger than a house.
      mark.offset = [(index - (row.length - 1) / 2) * rowPixels, isAtScene(mark) ? 38 : 26];
    });
  }
}

interface Labelled {
  units: readonly UnitMark[];
  incidents: readonly IncidentSummary[];
  stations: readonly StationState[];
  hospitals: readonly { id: string; name: string; lon: number; lat: number }[];
  incidentId: string | null;
  unitId: string | null;
  zoom: number;
}

/** Every label that would like to be drawn, with its rank: selected, P1, units to the selected, P2, available, hospitals … */
export function labelsOf({ units, incidents, stations, hospitals, incidentId, unitId, zoom }: Labelled): Label[] {
  const labels: Label[] = [];
  for (const { id, number, priority, place, status } of incidents) {
    const rank = id === incidentId ? 0 : status === 'closed' ? 10 : ({ 1: 2, 2: 4, 3: 8, 4: 8 } as const)[priority];
    const right = diamondPixels[priority] / 2 + 8;
    labels.push({
      id,
      at: [place.lon, place.lat],
      text: `${number} P${priority}`,
      rank,
      size: 16,
      offset: [right, 0],
      anchor: 'start',
    });
  }
  for (const { id, unit, at, offset, age, ageSeconds } of units) {
    const rank =
      id === unitId ? 0 : unit.incidentId !== null && unit.incidentId === incidentId ? 3 : unit.status === 'available' ? 5 : 6;
    const aged = age !== 'fresh' && ageSeconds !== null ? ` ${formatAge(ageSeconds)}` : '';
    labels.push({ id, at, text: unit.callSign + aged, rank, size: 16, offset: [offset[0], offset[1] + 26], anchor: 'middle' });
  }
  for (const { id, name, lon, lat } of hospitals) {
    if (zoom >= 11) {
      labels.push({ id, at: [lon, lat], text: name, rank: 6, size: 14, offset: [0, 20], anchor: 'middle' });
    }
  }
  for (const { id, free, total, lon, lat } of stations) {
    labels.push({ id, at: [lon, lat], text: `${free}/${total}`, rank: 7, size: 16, offset: [12, -4], anchor: 'start' });
  }
  return labels;
}
