import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Frames } from './frames';

// A page with a hand-made clock: sixty frames a second, each drawn picture holds it up for `costMs`.
let nowMs = 0;
let costMs = 0;
let drawn = 0;
let animations: (() => void)[] = [];
let timers: { atMs: number; run: () => void }[] = [];

beforeEach(() => {
  [nowMs, costMs, drawn, animations, timers] = [1000, 1, 0, [], []];
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => animations.push(run));
  vi.stubGlobal('setTimeout', (run: () => void, afterMs: number) => timers.push({ atMs: nowMs + afterMs, run }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function pass(milliseconds: number) {
  const endMs = nowMs + milliseconds;
  while (nowMs < endMs) {
    nowMs += 16;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { run } of due) {
      run();
    }
    const before = drawn;
    for (const run of animations.splice(0)) {
      run();
    }
    nowMs += (drawn - before) * costMs;
  }
}

const framesThat = (goOn: boolean, standMs: number) =>
  new Frames(
    (_, done) => {
      drawn++;
      done(goOn);
    },
    () => standMs,
  );

describe('frames', () => {
  it('are drawn only when asked for, and once however often that is', () => {
    const frames = framesThat(false, 33);
    pass(500);
    expect(drawn).toBe(0);
    frames.ask();
    frames.ask();
    pass(500);
    expect(drawn).toBe(1);
  });

  it('stand as long as they may while something moves', () => {
    framesThat(true, 250).ask();
    pass(2000);
    expect(drawn).toBeGreaterThanOrEqual(7);
    expect(drawn).toBeLessThanOrEqual(9);
  });

  it('come at once where the hand asked', () => {
    const frames = framesThat(false, 250);
    frames.ask();
    pass(32);
    frames.hurry();
    pass(32);
    expect(drawn).toBe(2);
  });

  it('are drawn one at a time: the next waits until the picture is there, and is not forgotten', () => {
    let finish = () => {};
    const frames = new Frames(
      (_, done) => {
        drawn++;
        finish = () => done(false);
      },
      () => 33,
    );
    frames.ask();
    pass(500);
    frames.ask();
    frames.hurry();
    pass(500);
    expect(drawn).toBe(1);
    finish();
    pass(500);
    expect(drawn).toBe(2);
  });

  it('need not wait out a picture that stands when the hand asks', () => {
    const frames = framesThat(true, 100_000);
    frames.ask();
    pass(100);
    drawn = 0;
    frames.hurry();
    pass(32);
    expect(drawn).toBe(1);
  });

  it('leave two thirds of the time where each takes long', () => {
    costMs = 100;
    framesThat(true, 33).ask();
    pass(6000);
    expect(drawn * costMs).toBeLessThan(0.4 * 6000);
    expect(drawn).toBeGreaterThan(10);
  });

  it('end with the map', () => {
    const frames = framesThat(true, 33);
    frames.ask();
    frames.end();
    pass(500);
    expect(drawn).toBe(0);
  });
});
