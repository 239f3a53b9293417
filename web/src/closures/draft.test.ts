import { describe, expect, it } from 'vitest';
import type { Closure } from './api';
import { type ClosureDraft, draftOf, geometryOf, newDraft, wishOf } from './draft';

const now = Date.parse('2026-11-25T22:30:00+08:00');
const line: ClosureDraft = {
  ...newDraft(),
  points: [
    [118.5, 37.4],
    [118.6, 37.4],
  ],
};
const until = (change: Partial<ClosureDraft>) => wishOf({ ...line, ...change }, now).until;

describe('the end of a closure', () => {
  it('is an hour or two after it begins, at midnight of the city, or open', () => {
    expect(until({ until: 'hour' })).toBe('2026-11-25T15:30:00.000Z');
    expect(until({ until: 'twoHours' })).toBe('2026-11-25T16:30:00.000Z');
    expect(until({ until: 'today' })).toBe('2026-11-25T16:00:00.000Z');
    expect(until({ until: 'open' })).toBeNull();
    expect(until({ until: 'at', untilAt: '2026-11-26T06:00' })).toBe('2026-11-25T22:00:00.000Z');
  });

  it('counts from a beginning that is planned', () => {
    expect(until({ until: 'hour', from: '2026-11-26T08:00' })).toBe('2026-11-26T01:00:00.000Z');
    expect(until({ until: 'today', from: '2026-11-26T08:00' })).toBe('2026-11-26T16:00:00.000Z');
  });
});

describe('what is drawn', () => {
  it('means something from two points of a line and three of an area on', () => {
    expect(geometryOf({ points: [[118.5, 37.4]], isArea: false })).toBeNull();
    expect(geometryOf(line)?.type).toBe('LineString');
    expect(geometryOf({ ...line, isArea: true })).toBeNull();
    expect(geometryOf({ points: [...line.points, [118.6, 37.5]], isArea: true })).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [118.5, 37.4],
          [118.6, 37.4],
          [118.6, 37.5],
          [118.5, 37.4],
        ],
      ],
    });
  });

  it('is sent with a speed only where it is slow', () => {
    expect(wishOf({ ...line, speedPercent: 40 }, now).speedFactor).toBeNull();
    expect(wishOf({ ...line, kind: 'slow', speedPercent: 40 }, now).speedFactor).toBe(0.4);
  });

  it('comes back as it was when a closure is changed', () => {
    const closure = {
      id: 'c',
      version: 3,
      geometry: geometryOf({ points: [...line.points, [118.6, 37.5]], isArea: true }),
      bothDirections: true,
      kind: 'slow',
      speedFactor: 0.35,
      emergencyPasses: true,
      from: '2026-11-25T00:00:00Z',
      until: '2026-11-25T15:30:00Z',
      reason: 'flood',
      words: null,
    } as unknown as Closure;
    const draft = draftOf(closure);
    expect(draft.of).toEqual({ id: 'c', version: 3 });
    expect(wishOf(draft, now)).toMatchObject({
      geometry: closure.geometry,
      kind: 'slow',
      speedFactor: 0.35,
      emergencyPasses: true,
      from: '2026-11-25T00:00:00.000Z',
      until: '2026-11-25T15:30:00.000Z',
      reason: 'flood',
      words: null,
    });
  });
});
