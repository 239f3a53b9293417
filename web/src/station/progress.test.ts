import { describe, expect, it } from 'vitest';
import type { OrderDelivery } from '../api/contract';
import { isStuck, progressOf } from './progress';

const sentAt = '2026-11-25T02:11:05+08:00';
const receiptAt = '2026-11-25T02:11:08+08:00';
const seconds = (count: number) => Date.parse(sentAt) + count * 1000;

const delivery = (known: Partial<OrderDelivery>): OrderDelivery => ({
  channel: 'terminal',
  kind: 'order',
  createdAt: sentAt,
  sentAt: null,
  receiptAt: null,
  receiptBy: null,
  failed: null,
  ...known,
});

const state = (known: Partial<OrderDelivery>, now = seconds(1)) => progressOf([delivery(known)], now)[0]?.state;

describe('how far an order has come', () => {
  it('is told from what the terminal said', () => {
    expect(state({})).toBe('waiting');
    expect(state({ sentAt })).toBe('sent');
    expect(state({ sentAt, receiptAt })).toBe('received');
    expect(state({ failed: 'noTerminal' })).toBe('noTerminal');
    expect(state({ sentAt, failed: 'expired' })).toBe('expired');
  });

  it('is silence after forty seconds, of a terminal alone: a station reads when somebody comes', () => {
    expect(state({ sentAt }, seconds(40))).toBe('sent');
    expect(state({ sentAt }, seconds(41))).toBe('silent');
    expect(state({ sentAt, channel: 'station' }, seconds(41))).toBe('sent');
    expect(progressOf([delivery({ sentAt })], seconds(41)).map(isStuck)).toEqual([true]);
    expect(progressOf([delivery({ failed: 'noTerminal' })], seconds(41)).map(isStuck)).toEqual([false]);
  });

  it('is that of the last order on each way', () => {
    const all = [
      delivery({ sentAt, receiptAt }),
      delivery({ channel: 'station', sentAt, receiptAt, receiptBy: '胜利站' }),
      delivery({ kind: 'recalled' }),
    ];
    expect(progressOf(all, seconds(1))).toEqual([
      { channel: 'terminal', kind: 'recalled', state: 'waiting', at: null, by: null },
      { channel: 'station', kind: 'order', state: 'received', at: receiptAt, by: '胜利站' },
    ]);
  });
});
