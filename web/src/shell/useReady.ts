import { useEffect } from 'react';

/** Says on the page itself, for whoever drives or watches it, that all it shows at first is there. */
export function useReady(isReady: boolean): void {
  useEffect(() => {
    document.body.dataset.ready = String(isReady);
    return () => {
      delete document.body.dataset.ready;
    };
  }, [isReady]);
}
