import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { ClockView } from '../api/contract';

/** The server's time of day, carried on by our own steady counter. An exercise runs faster than life. */
export interface ServerClock {
  serverMs: number;
  steadyMs: number;
  speed: number;
  exercise: boolean;
}

export function readClock(clock: ServerClock, steadyMs: number): number {
  return clock.serverMs + (steadyMs - clock.steadyMs) * clock.speed;
}

/**
 * Takes a new reading, made half way between question and answer. A reading that differs by less than the answer took
 * is no better than what we have: taking it would make seconds jump.
 */
export function adjustClock(known: ServerClock | null, view: ClockView, askedMs: number, answeredMs: number): ServerClock {
  const steadyMs = (askedMs + answeredMs) / 2;
  const next = { serverMs: Date.parse(view.now), steadyMs, speed: view.speed, exercise: view.exercise };
  if (known && known.speed === next.speed && known.exercise === next.exercise) {
    const difference = Math.abs(readClock(known, steadyMs) - next.serverMs);
    if (difference < (answeredMs - askedMs + 50) * next.speed) {
      return known;
    }
  }
  return next;
}

const startOfPage: ServerClock = { serverMs: Date.now(), steadyMs: performance.now(), speed: 1, exercise: false };

export const useClock = create<{ clock: ServerClock; known: boolean }>(() => ({ clock: startOfPage, known: false }));

export function takeClock(view: ClockView, askedMs: number, answeredMs: number): void {
  useClock.setState((state) => ({
    clock: adjustClock(state.known ? state.clock : null, view, askedMs, answeredMs),
    known: true,
  }));
}

/** The server's time now, in milliseconds since 1970. */
export const serverNow = (): number => readClock(useClock.getState().clock, performance.now());

// One heartbeat for every timer on the screen, so that all of them change together.
const listeners = new Set<() => void>();
let beat: number | undefined;
let second = Math.floor(serverNow() / 1000);

function tick() {
  const now = Math.floor(serverNow() / 1000);
  if (now !== second) {
    second = now;
    for (const listener of listeners) {
      listener();
    }
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  beat ??= window.setInterval(tick, 200);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(beat);
      beat = undefined;
    }
  };
}

/** The server's time in whole seconds; renders again each second. */
export const useNowSeconds = (): number => useSyncExternalStore(subscribe, () => second);
