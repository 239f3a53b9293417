import type { OrderKind, Priority } from '../api/contract';
import type { StationOrder } from './api';

/** What the screen still asks somebody to accept: all that is unread and was not accepted here already. */
export const askedOf = ({ unread }: StationOrder, waiting: readonly string[]): StationOrder['unread'] =>
  unread.filter(({ deliveryId }) => !waiting.includes(deliveryId));

/** The most urgent of what is to be accepted, by which the bell rings; null where nothing is. */
export function bellPriority(orders: readonly StationOrder[], waiting: readonly string[]): Priority | null {
  const asked = orders.filter((order) => askedOf(order, waiting).length > 0).map(({ priority }) => priority);
  return asked.length === 0 ? null : (Math.min(...asked) as Priority);
}

/** The order that Enter accepts: the oldest. */
export const firstAsked = (orders: readonly StationOrder[], waiting: readonly string[]): StationOrder | undefined =>
  orders.find((order) => askedOf(order, waiting).length > 0);

/** What has become of the order since it was given: stop, another address; null where it is what it was. */
export function turnOf({ unread, active }: StationOrder): Exclude<OrderKind, 'order'> | null {
  const last = unread.at(-1)?.kind;
  return last && last !== 'order' ? last : active ? null : 'recalled';
}
