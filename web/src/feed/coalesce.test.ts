import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMilliseconds, coalesce } from './coalesce';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('coalescing', () => {
  it('makes one read of a burst of hints', async () => {
    const read = vi.fn(async () => {});
    const hint = coalesce(read, 100);
    for (let i = 0; i < 50; i++) {
      hint();
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(read).toHaveBeenCalledOnce();
  });

  it('reads once more for hints that came during a read', async () => {
    const read = vi.fn(() => new Promise<void>((done) => setTimeout(done, 1000)));
    const hint = coalesce(read, 100);
    hint();
    await vi.advanceTimersByTimeAsync(500);
    hint();
    hint();
    expect(read).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('goes on after a read that failed', async () => {
    const read = vi.fn(async () => {
      throw new Error('no answer');
    });
    const hint = coalesce(read, 100);
    hint();
    await vi.advanceTimersByTimeAsync(200);
    hint();
    await vi.advanceTimersByTimeAsync(200);
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('the wait before connecting again', () => {
  it('grows, stays under its bound and is spread so that desks do not all come at once', () => {
    expect(backoffMilliseconds(0, () => 0.5)).toBe(500);
    expect(backoffMilliseconds(3, () => 0.5)).toBe(4000);
    expect(backoffMilliseconds(50, () => 1)).toBe(12_500);
    expect(backoffMilliseconds(2, () => 0)).toBeLessThan(backoffMilliseconds(2, () => 1));
  });
});
