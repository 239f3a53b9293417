import { describe, expect, it } from 'vitest';
import { drawingOf, partsOf, stepDay } from './day';

const day = {
  fixes: 4,
  distanceMeters: 1000,
  movingSeconds: 60,
  idleSeconds: 0,
  stoppedSeconds: 60,
  maxSpeedKmh: 50,
  speedLimitKmh: 100,
  overspeeds: 0,
  overspeedSeconds: 0,
  trips: [{ start: '2026-11-25T01:00:00Z', end: '2026-11-25T01:10:00Z', distanceMeters: 1000, maxSpeedKmh: 50 }],
  stops: [
    { start: '2026-11-25T00:30:00Z', end: '2026-11-25T01:00:00Z', lon: 118.5, lat: 37.4 },
    { start: '2026-11-25T01:10:00Z', end: '2026-11-25T02:00:00Z', lon: 118.6, lat: 37.5 },
  ],
};

describe('a day report', () => {
  it('tells trips and stops in their order and numbers the stops', () => {
    expect(partsOf(day).map((part) => (part.kind === 'stop' ? part.number : part.mostKmh))).toEqual([1, 50, 2]);
  });

  it('draws one line for each time without a gap', () => {
    const segment = (lons: number[], lats: number[]) => ({ times: lons, lons, lats, speedsKmh: lons });
    const trail = { fixes: 3, leftOut: 0, withinMeters: 0, segments: [segment([1, 2], [3, 4]), segment([5], [6])], gaps: [] };
    expect(drawingOf({ trail }, day)).toEqual({
      lines: [
        [
          [1, 3],
          [2, 4],
        ],
        [[5, 6]],
      ],
      stops: [
        { at: [118.5, 37.4], number: 1 },
        { at: [118.6, 37.5], number: 2 },
      ],
    });
  });

  it('steps over the end of a month', () => {
    expect([stepDay('2026-11-30', 1), stepDay('2026-03-01', -1)]).toEqual(['2026-12-01', '2026-02-28']);
  });
});
