import type { LonLat } from '../api/contract';

export interface Placed {
  name: string;
  at: LonLat;
}

/**
 * Rows from north to south, each from west to east: a reader finds a district about where the map has it. Depends on nothing that changes,
 * so no cell ever moves.
 */
export function mapRows<Thing extends Placed>(things: readonly Thing[]): Thing[][] {
  const perRow = Math.ceil(Math.sqrt(things.length));
  const byNorth = [...things].sort((one, other) => other.at[1] - one.at[1] || one.name.localeCompare(other.name));
  const rows: Thing[][] = [];
  for (let start = 0; start < byNorth.length; start += perRow) {
    rows.push(byNorth.slice(start, start + perRow).sort((one, other) => one.at[0] - other.at[0]));
  }
  return rows;
}

/** The middle of some places. */
export function middleOf(places: readonly LonLat[]): LonLat {
  const sum = places.reduce(([lon, lat], place) => [lon + place[0], lat + place[1]] as LonLat, [0, 0] as LonLat);
  return [sum[0] / places.length, sum[1] / places.length];
}
