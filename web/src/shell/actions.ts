import { useEffect, useRef } from 'react';
import { isInputMethod } from './ime';
import { type Action, matchKey } from './keys';

// What a key does is said by whoever shows the thing: the last to say so wins, and says nothing when it leaves.

type Handler = () => void;
const handlers = new Map<Action, Handler[]>();

/** Runs an action as its key would. Nothing happens where nobody offers it. */
export function run(action: Action): boolean {
  const handler = handlers.get(action)?.at(-1);
  handler?.();
  return handler !== undefined;
}

/** Offers an action while shown. Null: not now (the key then does nothing). */
export function useAction(action: Action, handler: Handler | null): void {
  const latest = useRef(handler);
  latest.current = handler;
  const offered = handler !== null;
  useEffect(() => {
    if (!offered) {
      return;
    }
    const offer = () => latest.current?.();
    handlers.set(action, [...(handlers.get(action) ?? []), offer]);
    return () => {
      handlers.set(
        action,
        (handlers.get(action) ?? []).filter((other) => other !== offer),
      );
    };
  }, [action, offered]);
}

/** Esc closes the top layer alone: the last one opened. */
export const useBack = (close: Handler | null): void => useAction('back', close);

/** One listener for all keys, before any field sees them. */
export function listenForKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethod(event) || event.defaultPrevented) {
      return;
    }
    const action = matchKey(event);
    if (action === null) {
      return;
    }
    // Held down, a key repeats: an order must not be sent twice.
    const handled = event.repeat && action !== 'nextIncident' && action !== 'previousIncident' ? true : run(action);
    if (handled || action !== 'back') {
      // Ours even when nothing offers it now: Ctrl+S must never open the browser's own window.
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}
