import { describe, expect, it } from 'vitest';
import { belongsToInputMethod, CompositionWatch } from './ime';

const enter = { isComposing: false, keyCode: 13 };

describe('the guard for input methods', () => {
  it('leaves an ordinary Enter alone', () => {
    expect(belongsToInputMethod(enter, false)).toBe(false);
  });

  it('takes keys during a composition, by either mark', () => {
    expect(belongsToInputMethod({ isComposing: true, keyCode: 13 }, false)).toBe(true);
    expect(belongsToInputMethod({ isComposing: false, keyCode: 229 }, false)).toBe(true);
  });

  it('takes the Enter that comes in the task after the composition ended, and no later one', () => {
    let forget = () => {};
    const watch = new CompositionWatch((callback) => {
      forget = callback;
    });
    watch.end();
    expect(belongsToInputMethod(enter, watch.justEnded)).toBe(true);
    forget();
    expect(belongsToInputMethod(enter, watch.justEnded)).toBe(false);
  });
});
