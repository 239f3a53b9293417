import { describe, expect, it } from 'vitest';
import type { FigureDefinition, FigureValue } from './api';
import { formatPercent, groupName, isReached, percentInTime } from './figure';

const value = (measured: number, inTime: number | null): FigureValue => ({
  code: 'turnout',
  cases: measured + 3,
  measured,
  inTime,
  mean: 1,
  p50: 1,
  p90: 1,
});
const aim = (targetPercent: number | null) => ({ targetPercent }) as FigureDefinition;

describe('a figure', () => {
  it('is reached where enough of those that were measured were in time', () => {
    expect(isReached(value(200, 190), aim(95))).toBe(true);
    expect(isReached(value(200, 189), aim(95))).toBe(false);
    expect(formatPercent(percentInTime(value(200, 189)))).toBe('94.5 %');
  });

  it('is neither reached nor missed without an aim, or where nothing was measured', () => {
    expect(isReached(value(200, null), aim(null))).toBeNull();
    expect(isReached(value(0, 0), aim(95))).toBeNull();
    expect(formatPercent(percentInTime(value(0, 0)))).toBe('–');
  });
});

describe('a group', () => {
  it('is named as people say it', () => {
    expect([groupName('level', '1', ''), groupName('hour', '7', ''), groupName('station', '第一站', '')]).toEqual([
      'P1',
      '07:00',
      '第一站',
    ]);
    expect(groupName('district', '', '区外')).toBe('区外');
  });
});
