import { create } from 'zustand';
import { Problem } from '../api/request';
import { stationApi } from './api';

// What was accepted here and the server does not know yet: kept over a reload, sent when it answers again.

const place = 'geodispatch.station.receipts';

export const useReceipts = create<{ waiting: readonly string[] }>(() => ({ waiting: read() }));

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function keep(waiting: readonly string[]) {
  localStorage.setItem(place, JSON.stringify(waiting));
  useReceipts.setState({ waiting });
}

let isSending = false;

export const receipts = {
  /** The bell need ring for these no more. */
  accept(credential: string, deliveryIds: readonly string[]): Promise<void> {
    keep([...new Set([...useReceipts.getState().waiting, ...deliveryIds])]);
    return receipts.send(credential);
  },

  /** Sends what waits. Those that the server no longer knows are dropped: nobody can be told of them. */
  async send(credential: string): Promise<void> {
    if (isSending) {
      return;
    }
    isSending = true;
    try {
      for (let ids = useReceipts.getState().waiting; ids.length > 0; ids = useReceipts.getState().waiting) {
        // One by one: one that is refused holds no other back.
        const id = ids[0] as string;
        try {
          await stationApi.receive(credential, [id]);
        } catch (failure) {
          if (!(failure instanceof Problem) || failure.isPassing || failure.status === 401) {
            return;
          }
        }
        keep(useReceipts.getState().waiting.filter((other) => other !== id));
      }
    } finally {
      isSending = false;
    }
  },
};
