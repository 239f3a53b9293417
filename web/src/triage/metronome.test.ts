import { expect, it } from 'vitest';
import { dueMs } from './metronome';

it('a beat is due by its number, so that 110 of them take a minute', () => {
  expect(dueMs(110, 110)).toBe(60_000);
  expect(dueMs(1, 110)).toBeCloseTo(545.45, 1);
});
