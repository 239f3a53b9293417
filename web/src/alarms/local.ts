import type { Alarm } from './api';

// The alarm that no server can raise: that what this desk shows is no longer live.

export const localId = 'local';

export interface LiveLoss {
  /** Since when it is as it is, in milliseconds of a steady clock. */
  isDown: boolean;
  turnedAt: number;
  /** Server time at which it was lost; null while there is no alarm of it. */
  lostAt: string | null;
  state: 'unconfirmed' | 'confirmed' | 'clearedUnconfirmed';
}

export const liveFromStart: LiveLoss = { isDown: false, turnedAt: 0, lostAt: null, state: 'unconfirmed' };

/** What is measured has to last so long before it is raised, and to be over for so long before it clears. */
export const delayMs = 30_000;

/** One look. The band says a loss at once; the alarm waits for a feed that merely connects anew. */
export function lookAtLive(loss: LiveLoss, isDown: boolean, serverTime: string, now: number): LiveLoss {
  if (isDown !== loss.isDown) {
    return { ...loss, isDown, turnedAt: now };
  }
  if (now - loss.turnedAt < delayMs) {
    return loss;
  }
  if (isDown) {
    if (loss.lostAt === null || loss.state === 'clearedUnconfirmed') {
      return { ...loss, lostAt: loss.lostAt ?? serverTime, state: 'unconfirmed' };
    }
    return loss;
  }
  if (loss.lostAt === null) {
    return loss;
  }
  return loss.state === 'unconfirmed'
    ? { ...loss, state: 'clearedUnconfirmed' }
    : loss.state === 'confirmed'
      ? { ...loss, lostAt: null, state: 'unconfirmed' }
      : loss;
}

/** Confirming clears nothing that still is; what is over goes. */
export const confirmLive = (loss: LiveLoss): LiveLoss =>
  loss.lostAt === null
    ? loss
    : loss.state === 'clearedUnconfirmed'
      ? { ...loss, lostAt: null, state: 'unconfirmed' }
      : { ...loss, state: 'confirmed' };

export const alarmOf = ({ lostAt, state }: LiveLoss): Alarm | null =>
  lostAt === null
    ? null
    : {
        id: localId,
        version: 0,
        level: 1,
        kind: 'liveLost',
        what: { zh: '实时数据中断', en: 'Live data lost' },
        action: { zh: '见上方提示；电话核实位置与状态', en: 'See the band above; ask places and states by phone' },
        incidentId: null,
        incidentNumber: null,
        unitId: null,
        callSign: null,
        seat: null,
        since: lostAt,
        raisedAt: lostAt,
        count: 1,
        state,
        confirmed: null,
        shelved: null,
        escalatedTo: [],
        delivered: null,
        concerns: [{ whom: 'everyDesk', seat: null, since: lostAt }],
      };
