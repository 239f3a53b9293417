import { create } from 'zustand';
import type { IncidentDetail, Milestone } from '../api/contract';
import { Problem } from '../api/request';
import { newId, server } from '../api/server';
import { useHealth } from '../feed/health';
import { useSession } from '../session/session';
import { serverNow } from '../shell/clock';
import { add, nextToSend, type Press, readQueue, releaseAll, remove, undo, undoMilliseconds } from './queue';

// Keeps what the crew pressed until the server has it: over a dead network, a reload, and a session that ended.

interface Refusal {
  press: Press;
  problem: unknown;
}

interface OutboxState {
  unitId: string | null;
  queue: readonly Press[];
  refusals: readonly Refusal[];
}

export const useOutbox = create<OutboxState>(() => ({ unitId: null, queue: [], refusals: [] }));

const againMilliseconds = 3000;
const storageKey = (unitId: string) => `geodispatch.crew.${unitId}`;

let onSent: (incident: IncidentDetail | null) => void = () => {};
let isSending = false;
let timer: number | undefined;

function keep(queue: readonly Press[]) {
  useOutbox.setState({ queue });
  const { unitId } = useOutbox.getState();
  try {
    if (unitId && queue.length > 0) {
      localStorage.setItem(storageKey(unitId), JSON.stringify(queue));
    } else if (unitId) {
      localStorage.removeItem(storageKey(unitId));
    }
  } catch {
    // A full or forbidden storage: the queue lives as long as the page.
  }
}

/** Worth sending again unchanged, after a while. */
const isPassing = (problem: unknown) =>
  !(problem instanceof Problem) || problem.isPassing || [401, 408, 429].includes(problem.status);

function wake(milliseconds: number) {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void send(), milliseconds);
}

/** Sends what is due, one after the other. */
async function send(keepalive = false): Promise<void> {
  if (isSending) {
    return;
  }
  isSending = true;
  try {
    for (;;) {
      const { queue } = useOutbox.getState();
      const press = nextToSend(queue, Date.now());
      if (!press) {
        const first = queue[0];
        if (first) {
          wake(Math.max(50, first.dueAt - Date.now()));
        }
        return;
      }
      const { assignmentId, commandId, milestone, at, destinationId } = press;
      try {
        const incident = await server.sendMilestone(assignmentId, { commandId, milestone, at, destinationId }, keepalive);
        // Shown as the server's word first, so that the state does not jump back in between.
        onSent(incident);
        keep(remove(useOutbox.getState().queue, commandId));
      } catch (problem) {
        if (isPassing(problem)) {
          wake(againMilliseconds);
          return;
        }
        useOutbox.setState((state) => ({ refusals: [...state.refusals, { press, problem }] }));
        keep(remove(useOutbox.getState().queue, commandId));
        onSent(null);
      }
    }
  } finally {
    isSending = false;
  }
}

export const outbox = {
  /** Takes up what this unit left unsent, and sends until the returned function is called. */
  open(unitId: string, sent: (incident: IncidentDetail | null) => void): () => void {
    onSent = sent;
    useOutbox.setState({ unitId, queue: readQueue(localStorage.getItem(storageKey(unitId))), refusals: [] });
    void send();
    const leave = () => {
      if (document.visibilityState === 'hidden') {
        outbox.sendAll(true);
      }
    };
    const onLeaving = () => outbox.sendAll(true);
    document.addEventListener('visibilitychange', leave);
    window.addEventListener('pagehide', onLeaving);
    const stops = [
      useHealth.subscribe((now, before) => {
        if (now.network === 'up' && before.network !== 'up') {
          void send();
        }
      }),
      useSession.subscribe((now, before) => {
        if (now.state === 'signedIn' && before.state !== 'signedIn') {
          void send();
        }
      }),
    ];
    return () => {
      document.removeEventListener('visibilitychange', leave);
      window.removeEventListener('pagehide', onLeaving);
      for (const stop of stops) {
        stop();
      }
      window.clearTimeout(timer);
      onSent = () => {};
    };
  },
  press(what: Pick<Press, 'assignmentId' | 'incidentNumber' | 'milestone'> & Partial<Press>): void {
    const press: Press = {
      commandId: newId(),
      at: new Date(serverNow()).toISOString(),
      destinationId: null,
      destinationName: null,
      dueAt: Date.now() + undoMilliseconds,
      ...what,
    };
    keep(add(useOutbox.getState().queue, press));
    void send();
  },
  undo(): Milestone | null {
    const before = useOutbox.getState().queue;
    const after = undo(before, Date.now());
    keep(after);
    return after.length < before.length ? (before.at(-1)?.milestone ?? null) : null;
  },
  /** Ends the time to undo. */
  async sendAll(keepalive = false): Promise<void> {
    keep(releaseAll(useOutbox.getState().queue));
    await send(keepalive);
  },
  forgetRefusals(): void {
    useOutbox.setState({ refusals: [] });
  },
};
