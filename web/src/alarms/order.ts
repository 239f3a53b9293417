import type { Alarm, AlarmLevel } from './api';

// What of all alarms concerns this seat, which one is the first, and how they stand in the list.

/** Someone has to see it, and it is not laid aside. */
export const isUnseen = ({ state }: Pick<Alarm, 'state'>): boolean => state === 'unconfirmed' || state === 'clearedUnconfirmed';

/** Needs this desk. Who sits at no seat hears what every desk hears. */
export const concerns = (alarm: Pick<Alarm, 'concerns'>, ownSeat: string | null): boolean =>
  alarm.concerns.some(({ seat }) => seat === null || seat === ownSeat);

const byLevelThenAge = (one: Alarm, other: Alarm): number =>
  one.level - other.level || Date.parse(one.since) - Date.parse(other.since) || (one.id < other.id ? -1 : 1);

/** The shelved stand apart, those that come back first on top. */
export function inOrder(alarms: readonly Alarm[]): { open: Alarm[]; shelved: Alarm[] } {
  const until = ({ shelved }: Alarm) => Date.parse(shelved?.until ?? '');
  return {
    open: alarms.filter(({ state }) => state !== 'shelved').sort(byLevelThenAge),
    shelved: alarms.filter(({ state }) => state === 'shelved').sort((one, other) => until(one) - until(other)),
  };
}

/** The one that is pinned and that F8 is for: of the highest level that still stands, the oldest. */
export function topUnconfirmed(alarms: readonly Alarm[], ownSeat: string | null): Alarm | null {
  const unseen = alarms.filter((alarm) => isUnseen(alarm) && concerns(alarm, ownSeat)).sort(byLevelThenAge);
  return unseen.find(({ state }) => state === 'unconfirmed') ?? unseen[0] ?? null;
}

export const countOf = (alarms: readonly Alarm[], level: AlarmLevel): number =>
  alarms.filter((alarm) => alarm.level === level && alarm.state !== 'shelved').length;

/** A line of the list: one alarm, or in a flood the head over several of one cause. */
export type AlarmRow = { id: string; alarm: Alarm; isInGroup: boolean } | { id: string; group: Group };

export interface Group {
  kind: string;
  alarms: readonly Alarm[];
  isOpen: boolean;
}

/**
 * In a flood alarms of levels 2 and 3 stand by their cause, each cause where its first one stood. Those of level 1 stay
 * single, for each needs somebody.
 */
export function rowsOf(open: readonly Alarm[], isFlood: boolean, unfolded: ReadonlySet<string>): AlarmRow[] {
  const done = new Set<string>();
  return open.flatMap((alarm): AlarmRow[] => {
    const same = isFlood && alarm.level > 1 ? open.filter(({ kind, level }) => kind === alarm.kind && level > 1) : [alarm];
    if (same.length === 1) {
      return [{ id: alarm.id, alarm, isInGroup: false }];
    }
    if (done.has(alarm.kind)) {
      return [];
    }
    done.add(alarm.kind);
    const isOpen = unfolded.has(alarm.kind);
    return [
      { id: `cause:${alarm.kind}`, group: { kind: alarm.kind, alarms: same, isOpen } },
      ...(isOpen ? same.map((member): AlarmRow => ({ id: member.id, alarm: member, isInGroup: true })) : []),
    ];
  });
}

/** The alarm that F8 has shown, and when (milliseconds of a steady clock). */
export interface Shown {
  id: string;
  at: number;
}

/** A second press sooner is a slip of the hand; one much later no longer knows what it is for. */
const confirmMs = 300;
const rememberedMs = 60_000;

/** What F8 does: shows the first alarm; pressed again while that is still the first one, confirms it. */
export function pressTop(topId: string | null, shown: Shown | null, now: number): { shown: Shown | null; confirms: boolean } {
  if (topId === null) {
    return { shown: null, confirms: false };
  }
  if (shown?.id !== topId || now - shown.at > rememberedMs) {
    return { shown: { id: topId, at: now }, confirms: false };
  }
  return now - shown.at >= confirmMs ? { shown: null, confirms: true } : { shown, confirms: false };
}
