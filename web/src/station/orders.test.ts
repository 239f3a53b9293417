import { describe, expect, it } from 'vitest';
import type { OrderKind, Priority } from '../api/contract';
import type { StationOrder } from './api';
import { strokesOf } from './bell';
import { bellPriority, firstAsked, turnOf } from './orders';

const order = (id: string, priority: Priority, unread: OrderKind[], active = true): StationOrder => ({
  assignmentId: id,
  number: 'I1',
  unitId: id,
  callSign: 'A01',
  status: 'notified',
  active,
  assignedAt: '2026-11-25T02:11:05+08:00',
  expectedSeconds: null,
  priority,
  typeName: '医疗急救',
  typeNameEn: 'Medical',
  complaint: '胸痛',
  address: '黄河路100号',
  detail: null,
  readBack: true,
  card: null,
  take: [],
  unread: unread.map((kind) => ({ deliveryId: `${id}-${kind}`, kind, createdAt: '2026-11-25T02:11:05+08:00' })),
  receiptAt: null,
  receiptBy: null,
});

describe('the bell of a station', () => {
  it('rings by the most urgent order that nobody has accepted, and Enter accepts the oldest', () => {
    const orders = [order('a', 3, []), order('b', 2, ['order']), order('c', 1, ['order', 'placeCorrected'])];
    expect(bellPriority(orders, [])).toBe(1);
    expect(firstAsked(orders, [])?.assignmentId).toBe('b');
    // Accepted here, whether the server knows it yet or not.
    expect(bellPriority(orders, ['c-order', 'c-placeCorrected'])).toBe(2);
    expect(bellPriority(orders, ['b-order', 'c-order'])).toBe(1);
    expect(bellPriority(orders, ['b-order', 'c-order', 'c-placeCorrected'])).toBeNull();
    expect(bellPriority([], [])).toBeNull();
  });

  it('tells the most urgent by its rhythm, not by its height alone', () => {
    expect(strokesOf(1).map(([at]) => at)).not.toEqual(strokesOf(2).map(([at]) => at));
    expect(strokesOf(4)).toEqual(strokesOf(2));
  });
});

describe('an order', () => {
  it('says what became of it until that is read, and that it ended as long as it is shown', () => {
    expect(turnOf(order('a', 1, ['order']))).toBeNull();
    expect(turnOf(order('a', 1, ['order', 'placeCorrected']))).toBe('placeCorrected');
    expect(turnOf(order('a', 1, ['placeCorrected', 'diverted'], false))).toBe('diverted');
    expect(turnOf(order('a', 1, [], false))).toBe('recalled');
  });
});
