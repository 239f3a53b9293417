import { describe, expect, it } from 'vitest';
import { Fleet } from '../feed/fleet';
import { clusterFleet, clusterPixels, clusterRadius } from './clusters';

function fleetAt(...places: [lon: number, lat: number][]): Fleet {
  const fleet = new Fleet();
  for (const [index, [lon, lat]] of places.entries()) {
    fleet.put(fleet.introduce(`v${index}`, '', 'bus'), lon, lat, 0, 0, 1);
  }
  return fleet;
}

describe('clusters', () => {
  it('count who would lie upon each other, in the middle of them, and leave who stands alone', () => {
    const fleet = fleetAt([118.5, 37.4], [118.501, 37.4], [118.502, 37.4], [118.8, 37.6]);
    const hidden = new Uint8Array(4);
    const clusters = clusterFleet(fleet, () => true, 8, hidden);
    expect(clusters).toHaveLength(1);
    expect(clusters[0]).toMatchObject({ count: 3 });
    expect(clusters[0]?.at[0]).toBeCloseTo(118.501, 9);
    expect([...hidden]).toEqual([1, 1, 1, 0]);
  });

  it('never take in who is not eligible, and nobody in a street', () => {
    const fleet = fleetAt([118.5, 37.4], [118.5, 37.4], [118.5, 37.4]);
    const hidden = new Uint8Array(3);
    expect(clusterFleet(fleet, (slot) => slot > 0, 8, hidden)[0]).toMatchObject({ count: 2 });
    expect([...hidden]).toEqual([0, 1, 1]);
    expect(clusterFleet(fleet, () => true, 14, hidden)).toEqual([]);
    expect([...hidden]).toEqual([0, 0, 0]);
  });

  it('lose nobody: those in clusters and those alone are all', () => {
    const places = Array.from({ length: 3000 }, (_, n): [number, number] => [118 + ((n * 0.618) % 1), 37 + ((n * 0.414) % 1)]);
    const hidden = new Uint8Array(3000);
    for (const zoom of [7, 8.9, 10.4, 12, 13.5]) {
      const counted = clusterFleet(fleetAt(...places), () => true, zoom, hidden).reduce((sum, { count }) => sum + count, 0);
      expect(counted + hidden.filter((flag) => flag === 0).length).toBe(3000);
    }
  });

  it('stay within their squares', () => {
    expect([8, 10, 13, 14].map(clusterPixels)).toEqual([64, 40, 24, 0]);
    expect(clusterRadius(5000, 10)).toBeLessThan(20);
    expect(clusterRadius(2, 10)).toBeLessThan(clusterRadius(40, 10));
  });
});
