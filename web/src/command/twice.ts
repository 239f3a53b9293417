import type { IncidentSummary } from '../api/contract';
import type { Order } from './reading';

// What takes something from a patient or a crew asks for a second Enter: one key held down or pressed in haste is not enough.

const pauseMs = 300;

/** To leave somebody in danger of death for another one is a decision of its own. */
const urgent = 2;

export function asksTwice(order: Order, incidents: readonly Pick<IncidentSummary, 'id' | 'priority'>[]): boolean {
  if (order.verb === 'divert') {
    const from = incidents.find(({ id }) => id === order.unit.incidentId);
    return from === undefined || from.priority <= urgent;
  }
  return order.verb === 'recall' || order.verb === 'close' || order.verb === 'merge';
}

export interface Asked {
  /** What the first Enter was for. Another line, or the same one in another light, begins anew. */
  what: string;
  at: number;
}

/** What an Enter does: runs, or is kept as the first of two. Times are in milliseconds. */
export function pressEnter(
  asked: Asked | null,
  what: string,
  isTwice: boolean,
  now: number,
): { runs: boolean; asked: Asked | null } {
  if (!isTwice) {
    return { runs: true, asked: null };
  }
  if (asked?.what !== what) {
    return { runs: false, asked: { what, at: now } };
  }
  return now - asked.at >= pauseMs ? { runs: true, asked: null } : { runs: false, asked };
}
