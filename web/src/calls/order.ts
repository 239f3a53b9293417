import type { Call } from './api';

// Which calls stand in the strip, in which order, and what may be done with each. Pure.

type Standing = Pick<Call, 'id' | 'status' | 'seat' | 'receivedAt' | 'lineOpen' | 'result'>;

export const isMine = ({ status, seat }: Pick<Call, 'status' | 'seat'>, mySeat: string | null): boolean =>
  status === 'answered' && seat !== null && seat === mySeat;

const groups = ['mine', 'ringing', 'parked', 'callBack', 'elsewhere'] as const;
type Group = (typeof groups)[number];

function groupOf(call: Standing, mySeat: string | null): Group | null {
  switch (call.status) {
    case 'answered':
      return isMine(call, mySeat) ? 'mine' : 'elsewhere';
    case 'ended':
      return null;
    default:
      return call.status;
  }
}

/**
 * What I am speaking with, what rings, what waits for somebody, what others speak with; in each group the oldest on top. The oldest ringing
 * call thus stands where the answered one will: answering it moves no row.
 */
export function inOrder<One extends Standing>(calls: readonly One[], mySeat: string | null): One[] {
  const byAge = [...calls].sort(
    (one, other) => Date.parse(one.receivedAt) - Date.parse(other.receivedAt) || (one.id < other.id ? -1 : 1),
  );
  return groups.flatMap((group) => byAge.filter((call) => groupOf(call, mySeat) === group));
}

export const oldestRinging = <One extends Standing>(calls: readonly One[]): One | undefined =>
  inOrder(calls, null).find(({ status }) => status === 'ringing');

export const countOf = (calls: readonly Standing[], status: Call['status']): number =>
  calls.filter((call) => call.status === status).length;

/** Those that wait on the line while I answer another: what is to be parked. One whose line is closed waits for its result alone. */
export const speaking = <One extends Standing>(calls: readonly One[], mySeat: string | null): One[] =>
  calls.filter((call) => isMine(call, mySeat) && call.lineOpen);

export type CallAct = 'park' | 'transfer' | 'end' | 'callBack' | 'link' | 'nuisance' | 'split';
/** Each act has its digit, whichever are offered: the hand learns it. */
export const callActs: readonly CallAct[] = ['park', 'transfer', 'end', 'callBack', 'link', 'nuisance', 'split'];

/** What can be done with a call from this seat now. */
export function actsOf(call: Standing & Pick<Call, 'number'>, mySeat: string | null): CallAct[] {
  const mine = isMine(call, mySeat);
  const may: Record<CallAct, boolean> = {
    park: mine,
    transfer: call.status === 'answered' && mySeat !== null,
    end: mine,
    callBack: mine && call.result === null,
    link: mine && call.number !== null,
    nuisance: call.number !== null,
    split: call.result === 'merged' && mySeat !== null && (mine || call.status !== 'answered'),
  };
  return callActs.filter((act) => may[act]);
}
