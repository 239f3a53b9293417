import { describe, expect, it } from 'vitest';
import type { LonLat } from '../api/contract';
import { barsAlong, pixelsToLine } from './layers/closures';
import { labelsOf } from './marks';

describe('the bars of a closure', () => {
  const room: [number, number] = [1000, 500];

  it('stand evenly along the line, across its direction, around its bends', () => {
    const bars = barsAlong(
      [
        [0, 100],
        [30, 100],
        [30, 200],
      ],
      20,
      room,
    );
    expect(bars.map(([at]) => at)).toEqual([
      [10, 100],
      [30, 100],
      [30, 120],
      [30, 140],
      [30, 160],
      [30, 180],
      [30, 200],
    ]);
    expect(bars[0]?.[1]).toEqual([1, 0]);
    expect(bars[3]?.[1]).toEqual([0, 1]);
  });

  it('are not made outside the screen, and keep their places inside', () => {
    const line: [number, number][] = [
      [-1_000_000, 100],
      [0, 100],
      [50, 100],
    ];
    const bars = barsAlong(line, 20, room);
    expect(bars.length).toBeLessThan(6);
    expect(bars.map(([[x]]) => Math.abs(x % 20))).toEqual(bars.map(() => 10));
  });
});

describe('a closure', () => {
  it('is picked by its line', () => {
    const line: [number, number][] = [
      [0, 0],
      [100, 0],
      [100, 100],
    ];
    expect(pixelsToLine([50, 7], line)).toBe(7);
    expect(pixelsToLine([103, 104], line)).toBe(5);
    expect(pixelsToLine([0, 0], [[0, 0]])).toBe(Infinity);
  });

  it('is labelled, first of all where it is looked at', () => {
    const closures = ['a', 'b'].map((id) => ({
      id,
      version: 1,
      lines: [],
      isPlanned: false,
      isSlow: false,
      label: '至 14:30',
      labelAt: [118, 37] as LonLat,
    }));
    const labels = labelsOf({
      units: [],
      incidents: [],
      stations: [],
      hospitals: [],
      incidentId: null,
      unitId: null,
      zoom: 12,
      closures,
      closureId: 'b',
    });
    expect(labels.map(({ text, rank }) => [text, rank])).toEqual([
      ['至 14:30', 7],
      ['至 14:30', 0],
    ]);
  });
});
