import { describe, expect, it } from 'vitest';
import { adjustClock, readClock, type ServerClock } from './clock';

const noon = '2026-11-25T12:00:00+08:00';
const known: ServerClock = { serverMs: Date.parse(noon), steadyMs: 1000, speed: 1, exercise: false };

describe('the server clock', () => {
  it('is carried on by the steady counter, at the speed of the exercise', () => {
    expect(readClock({ ...known, speed: 10 }, 3000)).toBe(Date.parse(noon) + 20_000);
  });

  it('takes the first reading as made half way between question and answer', () => {
    const clock = adjustClock(null, { now: noon, speed: 1, exercise: false }, 1000, 1200);
    expect(readClock(clock, 1100)).toBe(Date.parse(noon));
  });

  it('keeps what it has while a reading is within the time the answer took', () => {
    const view = { now: '2026-11-25T12:00:05.060+08:00', speed: 1, exercise: false };
    expect(adjustClock(known, view, 5950, 6050)).toBe(known);
  });

  it('follows a server that was set to another time or speed', () => {
    const later = { now: '2026-11-25T13:00:00+08:00', speed: 1, exercise: false };
    expect(readClock(adjustClock(known, later, 2000, 2010), 2005)).toBe(Date.parse(later.now));
    expect(adjustClock(known, { now: noon, speed: 10, exercise: true }, 1000, 1000).speed).toBe(10);
  });
});
