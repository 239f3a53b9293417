import type { LonLat } from '../api/contract';
import type { Fleet } from '../feed/fleet';
import { worldOf } from '../shell/geo';

// Of the city's own fleet, over a whole city, only how many are where: discs upon discs would hide the map and each other.

export interface Cluster {
  at: LonLat;
  count: number;
}

/** Side of the squares within which vehicles are counted together, in pixels; 0 where each is drawn. */
export const clusterPixels = (zoom: number): number => (zoom < 9 ? 64 : zoom < 12 ? 40 : zoom < 14 ? 24 : 0);

/** Half the width of a cluster's ring: its area grows with the count, within its square. */
export const clusterRadius = (count: number, zoom: number): number =>
  Math.min(clusterPixels(zoom) * 0.42, 7 + 1.6 * Math.sqrt(count));

const widest = 2 ** 21;

/**
 * Squares of the world at whole zooms, so that nothing jumps while the map is moved; a cluster stands in the middle of its
 * vehicles. A library of clusters would build an index of every zoom for each answer; this is asked for one zoom, once a
 * second. `into` is set to 1 for each vehicle that is in a cluster.
 */
export function clusterFleet(fleet: Fleet, isEligible: (slot: number) => boolean, zoom: number, into: Uint8Array): Cluster[] {
  into.fill(0);
  const pixels = clusterPixels(zoom);
  if (pixels === 0) {
    return [];
  }
  const cells = (512 * 2 ** Math.floor(zoom)) / pixels;
  const firsts = new Map<number, number>();
  const clusters = new Map<number, Cluster>();
  for (let slot = 0; slot < Math.min(fleet.size, into.length); slot++) {
    if (!isEligible(slot)) {
      continue;
    }
    const lon = fleet.lon[slot] ?? 0;
    const lat = fleet.lat[slot] ?? 0;
    const key = cellOf(lon, lat, cells);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, slot);
      continue;
    }
    let cluster = clusters.get(key);
    if (cluster === undefined) {
      cluster = { at: [fleet.lon[first] ?? 0, fleet.lat[first] ?? 0], count: 1 };
      clusters.set(key, cluster);
      into[first] = 1;
    }
    into[slot] = 1;
    cluster.count++;
    cluster.at[0] += (lon - cluster.at[0]) / cluster.count;
    cluster.at[1] += (lat - cluster.at[1]) / cluster.count;
  }
  return [...clusters.values()];
}

function cellOf(lon: number, lat: number, cells: number): number {
  const [x, y] = worldOf([lon, lat]);
  return Math.floor(x * cells) * widest + Math.floor(y * cells);
}
