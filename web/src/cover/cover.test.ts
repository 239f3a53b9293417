import { describe, expect, it } from 'vitest';
import type { LonLat } from '../api/contract';
import { boxOf } from '../map/layers/cover';
import { type Cover, mapCoverOf } from './useCover';

const square = (id: string, level: 'near' | 'beyond', west: number): Cover['features'][number] => ({
  id,
  properties: { level, addresses: 3 },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, 37],
        [west + 0.01, 37],
        [west + 0.01, 37.01],
        [west, 37.01],
        [west, 37],
      ] as LonLat[],
    ],
  },
});

describe('the map of cover', () => {
  it('tells late squares from bare ones, each by two corners', () => {
    const cover: Cover = {
      agency: 'ems',
      computedAt: '2026-11-25T02:11:05+08:00',
      targetMinutes: 8,
      nearMinutes: 12,
      units: 3,
      addresses: 9,
      within: 3,
      near: 3,
      beyond: 3,
      features: [square('a', 'near', 118), square('b', 'beyond', 118.01)],
    };
    expect(mapCoverOf(cover).near).toEqual([
      [
        [118, 37],
        [118.01, 37.01],
      ],
    ]);
    expect(mapCoverOf(cover).beyond).toHaveLength(1);
  });

  it('leaves no seam between squares, and none is too small to be seen', () => {
    const [left, top, width, height] = boxOf([10.4, 40.7], [20.6, 30.2]);
    expect([left, top, width, height]).toEqual([10, 30, 10, 10]);
    // The next one begins where this one ends.
    expect(boxOf([20.6, 40.7], [30.8, 30.2])[0]).toBe(left + width);
    expect(boxOf([10.1, 40.1], [10.2, 40])).toEqual([10, 40, 1, 1]);
  });
});
