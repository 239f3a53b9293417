import { create } from 'zustand';
import type { IncidentDetail, Priority } from '../api/contract';
import { server } from '../api/server';

// What can be taken back by a command of its own: an order to units, a change of priority. A note, a milestone, a closed incident stay.

const offeredMs = 10_000;

interface Offer {
  /** As one says it. */
  what: string;
  act(): Promise<IncidentDetail>;
}

export const useUndo = create<{ offer: Offer | null }>(() => ({ offer: null }));

let timer: number | undefined;

function offerUndo(what: string, act: Offer['act']): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(withdrawUndo, offeredMs);
  useUndo.setState({ offer: { what, act } });
}

export function withdrawUndo(): void {
  window.clearTimeout(timer);
  useUndo.setState({ offer: null });
}

/** @param answer The incident after the units were sent. */
export function offerUndoOfDispatch(answer: IncidentDetail, unitIds: readonly string[], reason: string): void {
  const sent = answer.assignments.filter(({ active, unitId }) => active && unitIds.includes(unitId));
  offerUndo(`${sent.map(({ callSign }) => callSign).join(', ')} → ${answer.number}`, async () => {
    let incident = answer;
    for (const { id } of sent) {
      incident = await server.cancelAssignment(id, reason);
    }
    return incident;
  });
}

/** @param answer The incident after the change. */
export const offerUndoOfPriority = ({ id, number, priority }: IncidentDetail, before: Priority): void =>
  offerUndo(`${number} P${before} → P${priority}`, () => server.changePriority(id, before));
