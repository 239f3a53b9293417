import type { IncidentSummary, LonLat, VehiclePosition } from '../api/contract';
import type { Fleet } from '../feed/fleet';
import { formatAge } from '../shell/formats';
import { metersBetween } from '../shell/geo';
import { ageClass } from '../units/age';
import type { UnitView } from '../units/api';
import { type StationState, unitPlace } from '../units/order';
import { stateOf } from '../units/states';
import type { MapClosure } from './content';
import type { Label } from './labels';
import type { Movers } from './movers';
import type { FleetMark, UnitMark } from './scene';
import { diamondPixels } from './symbolChoice';

/** As near as this to its station a standing unit is parked there. */
const parkedMeters = 80;
const rowPixels = 38;
/** Where the name of what is selected stands: clear of its ring. */
const belowRing = 36;

/**
 * Joins what the board knows of a unit with what the feed knows of its vehicle. A free unit that never sent a fix has no
 * place of its own: its station's count stands for it, unless it is looked at.
 */
export function unitMarks(
  units: readonly UnitView[],
  live: (vehicleId: string) => VehiclePosition | undefined,
  drawnAt: (id: string, to: LonLat) => LonLat,
  nowMs: number,
  speed: number,
  lookedAt: readonly (string | null | undefined)[] = [],
): UnitMark[] {
  const marks = units.map((unit): UnitMark => {
    const place = unitPlace(unit, live(unit.vehicleId));
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

/** More names are never looked at in one view. */
const mostFleetMarks = 400;

/** The selected vehicle, wherever it is drawn, and those within `bounds`. */
export function fleetMarks(
  fleet: Fleet,
  movers: Movers,
  nowMs: number,
  serverMs: number,
  speed: number,
  selected: string | null,
  bounds: { contains(at: LonLat): boolean } | null,
): FleetMark[] {
  const marks: FleetMark[] = [];
  const add = (slot: number) => {
    const ageSeconds = Math.max(0, (serverMs - (fleet.time[slot] ?? 0)) / 1000);
    marks.push({
      id: fleet.ids[slot] ?? '',
      at: [movers.glides.lonAt(slot, nowMs), movers.glides.latAt(slot, nowMs)],
      plate: fleet.plates[slot] ?? '',
      age: ageClass(ageSeconds, speed),
      ageSeconds,
    });
  };
  const chosen = selected === null ? undefined : fleet.slotOf(selected);
  if (chosen !== undefined && movers.isDrawn(chosen)) {
    add(chosen);
  }
  for (let slot = 0; bounds && slot < movers.size && marks.length < mostFleetMarks; slot++) {
    if (slot !== chosen && movers.isDrawn(slot) && bounds.contains([fleet.lon[slot] ?? 0, fleet.lat[slot] ?? 0])) {
      add(slot);
    }
  }
  return marks;
}

interface Labelled {
  units: readonly UnitMark[];
  incidents: readonly IncidentSummary[];
  stations: readonly StationState[];
  hospitals: readonly { id: string; name: string; lon: number; lat: number }[];
  incidentId: string | null;
  unitId: string | null;
  vehicleId?: string | null;
  fleet?: readonly FleetMark[];
  closures?: readonly MapClosure[];
  closureId?: string | null;
  zoom: number;
}

/** Every label that would like to be drawn, with its rank: selected, P1, units to the selected, P2, available, hospitals … */
export function labelsOf(shown: Labelled): Label[] {
  const { units, incidents, stations, hospitals, incidentId, unitId, vehicleId = null, fleet = [], zoom } = shown;
  const { closures = [], closureId = null } = shown;
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
    labels.push({
      id,
      at,
      text: unit.callSign + aged,
      rank,
      size: 16,
      offset: [offset[0], offset[1] + (rank === 0 ? belowRing : 26)],
      anchor: 'middle',
    });
  }
  for (const { id, name, lon, lat } of hospitals) {
    if (zoom >= 11) {
      labels.push({ id, at: [lon, lat], text: name, rank: 6, size: 14, offset: [0, 20], anchor: 'middle' });
    }
  }
  for (const { id, free, total, lon, lat } of stations) {
    labels.push({ id, at: [lon, lat], text: `${free}/${total}`, rank: 7, size: 16, offset: [12, -4], anchor: 'start' });
  }
  for (const { id, label, labelAt } of closures) {
    const rank = id === closureId ? 0 : 7;
    labels.push({ id, at: labelAt, text: label, rank, size: 16, offset: [0, 20], anchor: 'middle' });
  }
  for (const { id, at, plate, age, ageSeconds } of fleet) {
    const aged = age === 'fresh' ? '' : ` ${formatAge(ageSeconds)}`;
    labels.push({
      id,
      at,
      text: plate + aged,
      rank: id === vehicleId ? 0 : 9,
      size: 16,
      offset: [0, id === vehicleId ? belowRing : 20],
      anchor: 'middle',
    });
  }
  return labels;
}
