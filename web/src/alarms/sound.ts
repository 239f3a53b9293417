import type { Alarm } from './api';
import { isUnseen } from './order';

// What is to be heard, decided from what is open: no sound is ever timed by itself, so none is left over.

/** What this seat has heard. Times are milliseconds of a steady clock. */
export interface Ear {
  /** Alarms of level 2 that had their chime, or were not to have one. */
  heard: ReadonlySet<string>;
  /** When level 1 last sounded; null while there is none. */
  pulsedAt: number | null;
}

export const quiet: Ear = { heard: new Set(), pulsedAt: null };

export interface Audible {
  /** Those that concern this seat. */
  alarms: readonly Pick<Alarm, 'id' | 'level' | 'state' | 'raisedAt'>[];
  isFlood: boolean;
  /** Never for level 1. */
  mutedUntil: number;
}

const pulseEveryMs = 5000;
/** Three pulses take so long: a chime waits for them. */
const pulsesMs = 1200;

/**
 * Level 1 sounds each five seconds until it is confirmed, also where it is over: somebody has to know of it. Level 2 sounds once, level 3 never.
 * What came back sounds again. In a flood, and while muted, level 2 is silent, and is not made up for later.
 */
export function listen(ear: Ear, { alarms, isFlood, mutedUntil }: Audible, now: number): { ear: Ear; sound: 1 | 2 | null } {
  const isUrgent = alarms.some((alarm) => alarm.level === 1 && isUnseen(alarm));
  const chimes = alarms
    .filter(({ level, state }) => level === 2 && state === 'unconfirmed')
    .map(({ id, raisedAt }) => `${id} ${raisedAt}`);
  const stillHeard = new Set(chimes.filter((chime) => ear.heard.has(chime)));
  if (isUrgent && (ear.pulsedAt === null || now - ear.pulsedAt >= pulseEveryMs)) {
    return { ear: { heard: stillHeard, pulsedAt: now }, sound: 1 };
  }
  const pulsedAt = isUrgent ? ear.pulsedAt : null;
  if (pulsedAt !== null && now - pulsedAt < pulsesMs) {
    return { ear: { heard: stillHeard, pulsedAt }, sound: null };
  }
  const isNew = chimes.some((chime) => !ear.heard.has(chime));
  return { ear: { heard: new Set(chimes), pulsedAt }, sound: isNew && !isFlood && now >= mutedUntil ? 2 : null };
}
