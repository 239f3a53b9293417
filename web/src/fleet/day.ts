import type { LonLat } from '../api/contract';
import type { TrailDrawing } from '../map/control';
import type { TrailView, VehicleDay } from './api';

// What a day report shows, worked out of what the server says. Pure.

export type DayPart =
  | { kind: 'trip'; start: string; end: string; meters: number; mostKmh: number }
  | { kind: 'stop'; start: string; end: string; at: LonLat; number: number };

/** Trips and stops in the order of the day; stops are numbered as the map numbers them. */
export function partsOf(day: VehicleDay): DayPart[] {
  const parts: DayPart[] = [
    ...day.trips.map(
      ({ start, end, distanceMeters, maxSpeedKmh }): DayPart => ({
        kind: 'trip',
        start,
        end,
        meters: distanceMeters,
        mostKmh: maxSpeedKmh,
      }),
    ),
    ...day.stops.map(
      ({ start, end, lon, lat }, index): DayPart => ({ kind: 'stop', start, end, at: [lon, lat], number: index + 1 }),
    ),
  ];
  return parts.sort((one, other) => Date.parse(one.start) - Date.parse(other.start));
}

/** The trail as it is drawn: one line for each time without a gap, and the stops. */
export function drawingOf({ trail }: TrailView, day: VehicleDay | undefined): TrailDrawing {
  return {
    lines: trail.segments.map(({ lons, lats }) => lons.map((lon, index): LonLat => [lon, lats[index] ?? 0])),
    stops: (day?.stops ?? []).map(({ lon, lat }, index) => ({ at: [lon, lat], number: index + 1 })),
  };
}

/** The day before or after, `2026-11-25` → `2026-11-24`. */
export function stepDay(date: string, days: number): string {
  const moved = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000);
  return moved.toISOString().slice(0, 10);
}
