import { useEffect } from 'react';
import { isInputMethod } from './ime';

/** Enter and the space bar accept, unless they press something else: whoever runs in need not look for the mouse. */
export function useAcceptKey(accept: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest('button, a, input, textarea, select') !== null;
      if (isElsewhere || isInputMethod(event) || event.repeat || event.altKey || event.ctrlKey || event.metaKey) {
        return;
      }
      if (event.code === 'Enter' || event.code === 'NumpadEnter' || event.code === 'Space') {
        event.preventDefault();
        accept();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
