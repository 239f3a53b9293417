import type { IncidentSummary } from '../api/contract';

type Sortable = Pick<IncidentSummary, 'id' | 'status' | 'priority' | 'receivedAt'>;

const byUrgency = (one: Sortable, other: Sortable): number =>
  one.priority - other.priority || Date.parse(one.receivedAt) - Date.parse(other.receivedAt) || (one.id < other.id ? -1 : 1);

/** The oldest of the highest priority stands on top. */
export const waiting = <Incident extends Sortable>(incidents: readonly Incident[]): Incident[] =>
  incidents.filter((incident) => incident.status === 'waiting').sort(byUrgency);

/** Those at work first, those closed lately after them. */
export const running = <Incident extends Sortable>(incidents: readonly Incident[]): Incident[] =>
  incidents
    .filter((incident) => incident.status !== 'waiting')
    .sort((one, other) => Number(one.status === 'closed') - Number(other.status === 'closed') || byUrgency(one, other));

/** The next open incident of both lists, as they stand one under the other; past the end it begins again. */
export function neighbour(incidents: readonly Sortable[], selected: string | null, step: 1 | -1): string | null {
  const order = [...waiting(incidents), ...running(incidents).filter((incident) => incident.status !== 'closed')];
  if (order.length === 0) {
    return null;
  }
  const at = order.findIndex((incident) => incident.id === selected);
  const next = at < 0 ? (step > 0 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
  return order[next]?.id ?? null;
}

export interface HeldRow<Row> {
  row: Row;
  /** The row has left the list, but its place is kept while the hand is over it. */
  gone: boolean;
}

/**
 * Keeps the order of a list still while the hand is over it: rows stay where they were, those that left stay as ghosts,
 * new ones come at the end. What was under the pointer remains under it.
 */
export function holdOrder<Row extends { id: string }>(
  shown: readonly HeldRow<Row>[],
  now: readonly Row[],
  held: boolean,
): HeldRow<Row>[] {
  if (!held) {
    return now.map((row) => ({ row, gone: false }));
  }
  const current = new Map(now.map((row) => [row.id, row]));
  const kept = shown.map(({ row }) => {
    const newer = current.get(row.id);
    return { row: newer ?? row, gone: newer === undefined };
  });
  const known = new Set(shown.map(({ row }) => row.id));
  return [...kept, ...now.filter((row) => !known.has(row.id)).map((row) => ({ row, gone: false }))];
}
