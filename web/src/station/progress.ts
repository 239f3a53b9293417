import type { OrderDelivery } from '../api/contract';

/** How far an order has come on one way. `silent`: it was sent, and nothing came back for a while. */
export type ProgressState = 'waiting' | 'sent' | 'silent' | 'received' | 'failed' | 'expired' | 'noTerminal';

export interface Progress {
  channel: OrderDelivery['channel'];
  kind: OrderDelivery['kind'];
  state: ProgressState;
  /** When it reached this; null while it waits or has nowhere to go. */
  at: string | null;
  by: string | null;
}

/** A terminal answers within some seconds; this long without an answer it will not, as a rule. */
const silentAfterMs = 40_000;

/** The last order of each way: what was said before it no longer matters. */
export function progressOf(deliveries: readonly OrderDelivery[], now: number): Progress[] {
  return (['terminal', 'station'] as const).flatMap((channel) => {
    const last = deliveries.findLast((delivery) => delivery.channel === channel);
    return last
      ? [{ channel, kind: last.kind, state: stateOf(last, now), at: last.receiptAt ?? last.sentAt, by: last.receiptBy }]
      : [];
  });
}

function stateOf({ channel, sentAt, receiptAt, failed }: OrderDelivery, now: number): ProgressState {
  if (failed || receiptAt) {
    return failed ?? 'received';
  }
  if (sentAt === null) {
    return 'waiting';
  }
  return channel === 'terminal' && now - Date.parse(sentAt) > silentAfterMs ? 'silent' : 'sent';
}

/** Somebody has to telephone. */
export const isStuck = ({ state }: Progress): boolean => state === 'silent' || state === 'failed' || state === 'expired';
