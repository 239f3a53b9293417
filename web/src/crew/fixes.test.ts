import { describe, expect, it } from 'vitest';
import type { AvlFix } from './api';
import { isWorthSending, keep, speedBetween } from './fixes';

const fix = (seconds: number, lon = 118.5, speedKmh: number | null = null): AvlFix => ({
  time: new Date(1_764_000_000_000 + seconds * 1000).toISOString(),
  lon,
  lat: 37.45,
  speedKmh,
  headingDegrees: null,
  accuracyMeters: 5,
});

describe('a measured position', () => {
  it('is sent each second while moving, each ten while standing', () => {
    expect(isWorthSending(null, fix(0))).toBe(true);
    expect(isWorthSending(fix(0), fix(1, 118.5002))).toBe(true);
    expect(isWorthSending(fix(0), fix(0.5, 118.5002))).toBe(false);
    expect(isWorthSending(fix(0), fix(9))).toBe(false);
    expect(isWorthSending(fix(0), fix(10))).toBe(true);
  });

  it('waits in a queue of bounded length, the oldest given up first', () => {
    const waiting = Array.from({ length: 1001 }, (_, second) => fix(second)).reduce<AvlFix[]>(keep, []);
    expect(waiting).toHaveLength(1000);
    expect(waiting[0]).toEqual(fix(1));
  });

  it('gets a speed from the place before it where the device measured none', () => {
    // A thousandth of a degree of longitude here is 88 m.
    expect(speedBetween(fix(0), fix(10, 118.501))).toBeCloseTo(31.8, 0);
    expect(speedBetween(fix(0), fix(10, 118.501, 50))).toBe(50);
    expect(speedBetween(null, fix(0))).toBeNull();
    expect(speedBetween(fix(0), fix(60, 118.501))).toBeNull();
  });
});
