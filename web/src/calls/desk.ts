import { create } from 'zustand';
import { type Asked, pressEnter } from '../command/twice';
import type { Link } from './api';
import type { CallAct } from './order';

// What this desk does with calls at the moment. The server knows nothing of it.

/** Acts that ask for something before they are done. */
export type AskingAct = Extract<CallAct, 'transfer' | 'end' | 'callBack' | 'nuisance'> | 'calling';

interface CallDeskState {
  /** Server time (ms) at which the lists were last read. */
  readAt: number | null;
  /** The seat that somebody else took from here; null once it is known. */
  lostSeat: string | null;
  /** The last thing to tell in the strip's own line. */
  said: { failure: unknown } | { text: string } | null;
  /** The small panel that is open beside a call. */
  act: AskingAct | null;
  /** What was sent to the caller of which call. */
  link: { callId: string; link: Link } | null;
  /** A first press that waits for its second. */
  asked: Asked | null;
}

export const useCallDesk = create<CallDeskState>(() => ({
  readAt: null,
  lostSeat: null,
  said: null,
  act: null,
  link: null,
  asked: null,
}));

export const say = (text: string): void => useCallDesk.setState({ said: { text } });

export const showAct = (act: AskingAct | null): void => useCallDesk.setState({ act });

/** True at the second press for the same thing; the first asks for it in the strip. */
export function isSecondPress(what: string, question: string): boolean {
  const { runs, asked } = pressEnter(useCallDesk.getState().asked, what, true, performance.now());
  useCallDesk.setState({ asked, said: runs ? null : { text: question } });
  return runs;
}
