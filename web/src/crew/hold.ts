// A milestone is held, not tapped: what a thumb or a bump touches in passing is recorded for nobody.

export const holdMilliseconds = 600;

export type Hold = { state: 'idle' } | { state: 'holding'; since: number } | { state: 'held' };

export const idleHold: Hold = { state: 'idle' };

/** The finger comes down; a second finger changes nothing. */
export const press = (hold: Hold, now: number): Hold => (hold.state === 'idle' ? { state: 'holding', since: now } : hold);

/** Time passes. */
export const passTime = (hold: Hold, now: number): Hold =>
  hold.state === 'holding' && now - hold.since >= holdMilliseconds ? { state: 'held' } : hold;

/** The finger goes up. Held long enough counts, even where a busy device noticed late. */
export const release = (hold: Hold, now: number): Hold => {
  const passed = passTime(hold, now);
  return passed.state === 'held' && hold.state === 'holding' ? passed : idleHold;
};

/** The finger slides off, or the system takes it: nothing was meant. */
export const abandon = (): Hold => idleHold;
