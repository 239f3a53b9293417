import { describe, expect, it } from 'vitest';
import type { Figures } from './api';
import { askedTrip, barsOf, formatBias, formatShare, inOrder, tripPath } from './figures';

const row = (key: string, medianError: number | null, classError: number | null): Figures => ({
  key,
  trips: 5,
  medianError,
  classError,
  bias: 0,
  banded: 0,
  insideBand: null,
  name: null,
  nameEn: null,
});

describe('figures of arrival times', () => {
  it('say what is not known, and which way times were wrong', () => {
    expect([formatShare(null), formatShare(0.1234)]).toEqual(['–', '12.3 %']);
    expect([null, 0.031, -0.031, 0.0001].map(formatBias)).toEqual(['–', '+3.1 %', '−3.1 %', '±0.0 %']);
  });

  it('have bars over one measure, and none where nothing is known', () => {
    expect(barsOf([row('7', 0.1, 0.4), row('8', 0.2, null)])).toEqual([
      { ours: 25, ofClass: 100 },
      { ours: 50, ofClass: 0 },
    ]);
    expect(barsOf([row('7', 0, 0)])).toEqual([{ ours: 0, ofClass: 0 }]);
    expect(barsOf([])).toEqual([]);
  });

  it('go by the number, not by the letters', () =>
    expect(inOrder([row('10', 0, 0), row('9', 0, 0)]).map(({ key }) => key)).toEqual(['9', '10']));

  it('lead to the day of the trip in the time of the city', () => {
    const path = tripPath({ vehicleId: 'a-b', start: '2026-11-28T17:30:00Z' });
    expect(path).toBe('/fleet?vehicle=a-b&day=2026-11-29');
    expect(askedTrip(path.slice('/fleet'.length))).toEqual({ vehicleId: 'a-b', day: '2026-11-29' });
    expect(['', '?vehicle=a', '?vehicle=a&day=x'].map(askedTrip)).toEqual([null, null, null]);
  });
});
