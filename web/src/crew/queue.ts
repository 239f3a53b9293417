import type { AssignmentStatus, AssignmentView, Milestone } from '../api/contract';

// The milestones that were pressed and that the server does not have yet, in their order and with their own times.

export const undoMilliseconds = 10_000;

export interface Press {
  /** Sent again after a doubtful end, it stays the same command. */
  commandId: string;
  assignmentId: string;
  incidentNumber: string;
  milestone: Milestone;
  /** When it happened, by the server's clock. */
  at: string;
  destinationId: string | null;
  destinationName: string | null;
  /** By this device's clock, in milliseconds: not sent before, for until then it can be undone. */
  dueAt: number;
}

/** A further press ends the time to undo the ones before it. */
export const add = (queue: readonly Press[], press: Press): Press[] => [...releaseAll(queue), press];

/** Sent as soon as it may be: the page is left, or was opened again. */
export const releaseAll = (queue: readonly Press[]): Press[] => queue.map((press) => ({ ...press, dueAt: 0 }));

export const remove = (queue: readonly Press[], commandId: string): Press[] =>
  queue.filter((press) => press.commandId !== commandId);

/** The last press, while it can still be undone. */
export function undoable(queue: readonly Press[], now: number): Press | null {
  const last = queue.at(-1);
  return last && now < last.dueAt ? last : null;
}

/** Takes back the last press; nothing where its time is over. */
export function undo(queue: readonly Press[], now: number): Press[] {
  const last = undoable(queue, now);
  return last ? remove(queue, last.commandId) : [...queue];
}

/** What is to be sent now. Always the first: the server takes milestones in their order alone. */
export function nextToSend(queue: readonly Press[], now: number): Press | null {
  const first = queue[0];
  return first && first.dueAt <= now ? first : null;
}

/** How many wait for the network, and not for the time to undo. */
export const countWaiting = (queue: readonly Press[], now: number): number => queue.filter((press) => press.dueAt <= now).length;

export interface Standing {
  status: AssignmentStatus;
  since: string;
  destinationId: string | null;
  destinationName: string | null;
}

/** Where the crew stands: what the server knows, and what was pressed since. */
export function standingAfter(assignment: AssignmentView, queue: readonly Press[]): Standing {
  const { status, since, destinationId, destinationName } = assignment;
  return queue
    .filter((press) => press.assignmentId === assignment.id)
    .reduce<Standing>(
      (standing, press) => ({
        status: press.milestone,
        since: press.at,
        destinationId: press.destinationId ?? standing.destinationId,
        destinationName: press.destinationName ?? standing.destinationName,
      }),
      { status, since, destinationId, destinationName },
    );
}

/** What was stored may be of an older version or broken: only what can be sent is taken. */
export function readQueue(stored: string | null): Press[] {
  try {
    const found: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(found) ? releaseAll(found.filter(isPress)) : [];
  } catch {
    return [];
  }
}

const isPress = (value: unknown): value is Press =>
  typeof value === 'object' &&
  value !== null &&
  ['commandId', 'assignmentId', 'milestone', 'at'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');
