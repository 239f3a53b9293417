import { describe, expect, it } from 'vitest';
import { atMinute } from '../shell/fixtures';
import type { Alarm } from './api';
import { alarmOf, confirmLive, delayMs, type LiveLoss, liveFromStart, lookAtLive } from './local';
import { concerns, countOf, inOrder, pressTop, rowsOf, topUnconfirmed } from './order';
import { type Audible, type Ear, listen, quiet } from './sound';

const alarm = (id: string, level: 1 | 2 | 3, minute: number, more: Partial<Alarm> = {}): Alarm => ({
  id,
  version: 1,
  level,
  kind: 'orderUnconfirmed',
  what: { zh: '派单未确认', en: 'Order unconfirmed' },
  action: { zh: '电话', en: 'Phone' },
  incidentId: null,
  incidentNumber: null,
  unitId: null,
  callSign: null,
  seat: '12',
  since: atMinute(minute),
  raisedAt: atMinute(minute),
  count: 1,
  state: 'unconfirmed',
  confirmed: null,
  shelved: null,
  escalatedTo: [],
  delivered: null,
  concerns: [{ whom: 'ownSeat', seat: '12', since: atMinute(minute) }],
  ...more,
});
const shelved = (id: string, minute: number) =>
  alarm(id, 2, 0, { state: 'shelved', shelved: { by: '王', at: atMinute(0), until: atMinute(minute), reason: '已电话' } });
const ids = (alarms: readonly { id: string }[]) => alarms.map(({ id }) => id);

describe('the list of alarms', () => {
  it('stands by level, then age, with the shelved apart, those that come back first on top', () => {
    const { open, shelved: laid } = inOrder([
      alarm('new2', 2, 9),
      shelved('late', 30),
      alarm('old3', 3, 1),
      alarm('old2', 2, 5),
      shelved('soon', 15),
      alarm('new1', 1, 10),
    ]);
    expect(ids(open)).toEqual(['new1', 'old2', 'new2', 'old3']);
    expect(ids(laid)).toEqual(['soon', 'late']);
  });

  it('is counted by level, without what is shelved', () => {
    expect(countOf([alarm('a', 2, 0), alarm('b', 2, 1, { state: 'confirmed' }), shelved('c', 9)], 2)).toBe(2);
  });

  it('groups levels 2 and 3 by cause in a flood, level 1 never, and opens what is unfolded', () => {
    const open = [
      alarm('p1', 1, 0),
      alarm('p2', 1, 1),
      alarm('a', 2, 2),
      alarm('still', 2, 3, { kind: 'unitStill' }),
      alarm('b', 2, 4),
    ];
    expect(ids(rowsOf(open, false, new Set()))).toEqual(['p1', 'p2', 'a', 'still', 'b']);
    expect(ids(rowsOf(open, true, new Set()))).toEqual(['p1', 'p2', 'cause:orderUnconfirmed', 'still']);
    expect(ids(rowsOf(open, true, new Set(['orderUnconfirmed'])))).toEqual([
      'p1',
      'p2',
      'cause:orderUnconfirmed',
      'a',
      'b',
      'still',
    ]);
  });
});

describe('the pinned alarm', () => {
  it('is the oldest of the highest level that nobody has confirmed and that still stands', () => {
    const alarms = [
      alarm('over', 1, 0, { state: 'clearedUnconfirmed' }),
      alarm('seen', 1, 1, { state: 'confirmed' }),
      alarm('old', 2, 2),
      alarm('new', 2, 3),
      shelved('laid', 9),
    ];
    expect(topUnconfirmed(alarms, '12')?.id).toBe('old');
    expect(topUnconfirmed([...alarms, alarm('urgent', 1, 9)], '12')?.id).toBe('urgent');
    expect(topUnconfirmed(alarms.slice(0, 2), '12')?.id).toBe('over');
    expect(topUnconfirmed(alarms.slice(1, 2), '12')).toBeNull();
    expect(topUnconfirmed(alarms, '13')).toBeNull();
  });

  it('is of the seats that it concerns, or of every desk', () => {
    const passedOn = alarm('a', 1, 0);
    passedOn.concerns.push(
      { whom: 'nextSeat', seat: '13', since: atMinute(1) },
      { whom: 'supervisor', seat: '9', since: atMinute(1) },
    );
    expect(['12', '13', '9', '14', null].map((seat) => concerns(alarm('a', 2, 0), seat))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['12', '13', '9', '14', null].map((seat) => concerns(passedOn, seat))).toEqual([true, true, true, false, false]);
    passedOn.concerns.push({ whom: 'everyDesk', seat: null, since: atMinute(1) });
    expect(['14', null].map((seat) => concerns(passedOn, seat))).toEqual([true, true]);
  });
});

describe('F8', () => {
  it('shows the first alarm, and confirms it when pressed again', () => {
    const first = pressTop('a', null, 1000);
    expect(first).toEqual({ shown: { id: 'a', at: 1000 }, confirms: false });
    expect(pressTop('a', first.shown, 1300)).toEqual({ shown: null, confirms: true });
  });

  it('confirms nothing that was not shown before: not what came first meanwhile, not in haste, not long after', () => {
    const shown = { id: 'a', at: 1000 };
    expect(pressTop('b', shown, 2000)).toEqual({ shown: { id: 'b', at: 2000 }, confirms: false });
    expect(pressTop('a', shown, 1299).confirms).toBe(false);
    expect(pressTop('a', shown, 62_000)).toEqual({ shown: { id: 'a', at: 62_000 }, confirms: false });
    expect(pressTop(null, shown, 2000)).toEqual({ shown: null, confirms: false });
  });
});

describe('the sounds', () => {
  const hear = (times: readonly number[], audible: Partial<Audible>, from: Ear = quiet) => {
    let ear = from;
    const sounds = times.map((now) => {
      const next = listen(ear, { alarms: [], isFlood: false, mutedUntil: 0, ...audible }, now);
      ear = next.ear;
      return next.sound;
    });
    return { sounds, ear };
  };

  it('pulse each five seconds for level 1 until it is confirmed, muted and in a flood as well', () => {
    const urgent = { alarms: [alarm('a', 1, 0)], isFlood: true, mutedUntil: 60_000 };
    const { sounds, ear } = hear([0, 500, 4500, 5000, 9500, 10_000], urgent);
    expect(sounds).toEqual([1, null, null, 1, null, 1]);
    expect(hear([15_000], { alarms: [alarm('a', 1, 0, { state: 'confirmed' })] }, ear).sounds).toEqual([null]);
  });

  it('pulse on where level 1 is over before anybody confirmed it, and end with that', () => {
    const { sounds, ear } = hear([0, 5000], { alarms: [alarm('a', 1, 0, { state: 'clearedUnconfirmed' })] });
    expect(sounds).toEqual([1, 1]);
    expect(hear([10_000], { alarms: [] }, ear).sounds).toEqual([null]);
    expect(hear([0, 5000], { alarms: [alarm('b', 2, 0, { state: 'clearedUnconfirmed' })] }).sounds).toEqual([null, null]);
  });

  it('chime once for level 2, again where it came back, never for level 3', () => {
    const { sounds, ear } = hear([0, 500, 1000], { alarms: [alarm('a', 2, 0), alarm('b', 3, 0)] });
    expect(sounds).toEqual([2, null, null]);
    expect(hear([1500], { alarms: [alarm('a', 2, 0, { raisedAt: atMinute(7), count: 2 })] }, ear).sounds).toEqual([2]);
  });

  it('leave level 2 out while muted and in a flood, and do not make up for it', () => {
    for (const silent of [{ isFlood: true }, { mutedUntil: 600 }]) {
      const { sounds, ear } = hear([0, 500], { alarms: [alarm('a', 2, 0)], ...silent });
      expect(sounds).toEqual([null, null]);
      expect(hear([1000], { alarms: [alarm('a', 2, 0)] }, ear).sounds).toEqual([null]);
    }
  });

  it('chime after the pulses, not over them', () => {
    expect(hear([0, 500, 1000, 1500], { alarms: [alarm('a', 1, 0), alarm('b', 2, 0)] }).sounds).toEqual([1, null, null, 2]);
  });
});

describe('the alarm of a desk that is no longer live', () => {
  const look = (from: LiveLoss, isDown: boolean, ...times: number[]) =>
    times.reduce((loss, now) => lookAtLive(loss, isDown, atMinute(now / 60_000), now), from);
  const lost = look(liveFromStart, true, 1000, 1000 + delayMs);

  it('is raised after half a minute, not for a feed that connects anew', () => {
    expect(alarmOf(look(liveFromStart, true, 1000, 30_000))).toBeNull();
    expect(alarmOf(look(look(liveFromStart, true, 1000), false, 5000, 60_000))).toBeNull();
    expect(alarmOf(lost)).toMatchObject({ level: 1, state: 'unconfirmed', seat: null });
  });

  it('stays when it is confirmed, and goes half a minute after the feed is back', () => {
    const seen = confirmLive(lost);
    expect(alarmOf(seen)?.state).toBe('confirmed');
    expect(alarmOf(look(seen, true, 100_000))?.state).toBe('confirmed');
    expect(alarmOf(look(seen, false, 100_000, 129_000))?.state).toBe('confirmed');
    expect(alarmOf(look(seen, false, 100_000, 130_000))).toBeNull();
  });

  it('has to be seen also where it is over', () => {
    const over = look(lost, false, 100_000, 130_000);
    expect(alarmOf(over)?.state).toBe('clearedUnconfirmed');
    expect(alarmOf(confirmLive(over))).toBeNull();
  });
});
