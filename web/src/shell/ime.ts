import type { KeyboardEvent as ReactKeyboardEvent } from 'react';

// One guard for every key handler: a key that belongs to the input method must not also submit, pick or close.

export interface ComposableKey {
  isComposing: boolean;
  keyCode: number;
}

/**
 * Whether the input method has this key. Chromium ends the composition before the Enter that chose a candidate, other
 * browsers after it: hence also the task after the end of a composition.
 */
export const belongsToInputMethod = (event: ComposableKey, compositionJustEnded: boolean): boolean =>
  event.isComposing || event.keyCode === 229 || compositionJustEnded;

/** Remembers the end of a composition for one task. */
export class CompositionWatch {
  private ended = false;

  constructor(private readonly later: (forget: () => void) => void = (forget) => void setTimeout(forget, 0)) {}

  readonly end = (): void => {
    this.ended = true;
    this.later(() => {
      this.ended = false;
    });
  };

  get justEnded(): boolean {
    return this.ended;
  }
}

const watch = new CompositionWatch();

export function watchComposition(): void {
  window.addEventListener('compositionend', watch.end, { capture: true });
}

/** The guard for a live event: `if (isInputMethod(event)) return;` first in each handler. */
export function isInputMethod(event: KeyboardEvent | ReactKeyboardEvent): boolean {
  const native = 'nativeEvent' in event ? event.nativeEvent : event;
  // Deprecated, but the only mark that Chromium puts on a key which the input method swallowed.
  return belongsToInputMethod({ isComposing: native.isComposing, keyCode: native.keyCode }, watch.justEnded);
}
