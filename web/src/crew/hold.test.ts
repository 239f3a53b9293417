import { describe, expect, it } from 'vitest';
import { abandon, holdMilliseconds, idleHold, passTime, press, release } from './hold';

const down = press(idleHold, 1000);

describe('a milestone button', () => {
  it('is held only after the whole time', () => {
    expect(passTime(down, 1000 + holdMilliseconds - 1)).toEqual(down);
    expect(passTime(down, 1000 + holdMilliseconds)).toEqual({ state: 'held' });
  });

  it('forgets a tap', () => expect(release(down, 1200)).toEqual(idleHold));

  it('counts a hold that was noticed late', () => expect(release(down, 1700)).toEqual({ state: 'held' }));

  it('is not pressed by a finger that slides off, however long it was down', () => expect(abandon()).toEqual(idleHold));

  it('keeps its time when a second finger comes', () => expect(press(down, 1500)).toBe(down));

  it('is not pressed twice by one finger', () => {
    const held = passTime(down, 2000);
    expect(press(held, 2000)).toBe(held);
    expect(release(held, 2100)).toEqual(idleHold);
  });
});
