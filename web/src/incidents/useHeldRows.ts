import { useEffect, useMemo, useRef, useState } from 'react';
import { type HeldRow, holdOrder } from './order';

const releaseMs = 1500;

/** While the pointer is over a list, and a moment longer, no row slides under it. `hand` belongs on what is around the list. */
export function useHeldRows<Row extends { id: string }>(current: readonly Row[]) {
  const [isHeld, setHeld] = useState(false);
  const release = useRef<number | undefined>(undefined);
  const shown = useRef<HeldRow<Row>[]>([]);
  const rows = useMemo(() => {
    shown.current = holdOrder(shown.current, current, isHeld);
    return shown.current;
  }, [current, isHeld]);
  useEffect(() => () => window.clearTimeout(release.current), []);
  const hand = {
    onPointerMove: () => {
      window.clearTimeout(release.current);
      setHeld(true);
    },
    onPointerLeave: () => {
      release.current = window.setTimeout(() => setHeld(false), releaseMs);
    },
  };
  return { rows, hand };
}
