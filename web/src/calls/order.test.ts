import { describe, expect, it } from 'vitest';
import { atMinute } from '../shell/fixtures';
import type { Call } from './api';
import { actsOf, inOrder, oldestRinging, speaking } from './order';

const call = (id: string, minute: number, change: Partial<Call>): Call => ({
  id,
  version: 1,
  status: 'ringing',
  source: 'telephone',
  number: '138****5521',
  seat: null,
  since: atMinute(minute),
  receivedAt: atMinute(minute),
  lineOpen: true,
  result: null,
  incidentId: null,
  incidentNumber: null,
  callBackReason: null,
  attempts: 0,
  earlierCalls: 0,
  nuisanceReason: null,
  place: null,
  ...change,
});

describe('the strip', () => {
  const calls = [
    call('back', 1, { status: 'callBack' }),
    call('ring-2', 5, {}),
    call('ring-1', 4, { nuisanceReason: '反复拨打' }),
    call('parked', 2, { status: 'parked' }),
    call('other', 3, { status: 'answered', seat: '13' }),
    call('mine', 6, { status: 'answered', seat: '12' }),
    call('over', 0, { status: 'ended' }),
  ];

  it('shows what I speak with, then what rings, the oldest first, a marked number like any other', () => {
    expect(inOrder(calls, '12').map(({ id }) => id)).toEqual(['mine', 'ring-1', 'ring-2', 'parked', 'back', 'other']);
  });

  it('moves no row when the oldest ringing call is answered', () => {
    const before = inOrder(
      calls.filter(({ id }) => id !== 'mine'),
      '12',
    ).map(({ id }) => id);
    const after = inOrder(
      calls
        .filter(({ id }) => id !== 'mine')
        .map((one) => (one.id === 'ring-1' ? { ...one, status: 'answered' as const, seat: '12' } : one)),
      '12',
    ).map(({ id }) => id);
    expect(after).toEqual(before);
  });

  it('answers the oldest first', () => {
    expect(oldestRinging(calls)?.id).toBe('ring-1');
    expect(oldestRinging([])).toBeUndefined();
  });

  it('parks what is spoken with at my seat alone, and nothing whose line is closed', () => {
    const closed = call('closed', 7, { status: 'answered', seat: '12', lineOpen: false });
    expect(speaking([...calls, closed], '12').map(({ id }) => id)).toEqual(['mine']);
    expect(speaking(calls, null)).toEqual([]);
  });
});

describe('what may be done with a call', () => {
  it('is left to the seat that holds it, but for taking it over', () => {
    const held = call('a', 0, { status: 'answered', seat: '13' });
    expect(actsOf(held, '13')).toEqual(['park', 'transfer', 'end', 'callBack', 'link', 'nuisance']);
    expect(actsOf(held, '12')).toEqual(['transfer', 'nuisance']);
    expect(actsOf(held, null)).toEqual(['nuisance']);
  });

  it('sends nothing to a withheld number, and splits only what is merged', () => {
    const merged = call('a', 0, { status: 'answered', seat: '12', number: null, result: 'merged' });
    expect(actsOf(merged, '12')).toEqual(['park', 'transfer', 'end', 'split']);
    expect(actsOf({ ...merged, status: 'ended', seat: null }, '12')).toEqual(['split']);
  });
});
