import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Milestone } from '../api/contract';
import { isInputMethod } from '../shell/ime';
import { abandon, type Hold, holdMilliseconds, idleHold, passTime, press, release } from './hold';

interface HoldButtonProps {
  milestone: Milestone;
  className?: string;
  onHeld(): void;
  children: ReactNode;
}

/** Held for 0.6 s by finger, mouse, space or Enter; the fill shows how long still. */
export function HoldButton({ milestone, className, onHeld, children }: HoldButtonProps) {
  const [hold, setHold] = useState<Hold>(idleHold);
  const latest = useRef(onHeld);
  latest.current = onHeld;
  const isHolding = hold.state === 'holding';
  const isHeld = hold.state === 'held';

  useEffect(() => {
    if (!isHolding) {
      return;
    }
    const timer = window.setTimeout(() => setHold((current) => passTime(current, performance.now())), holdMilliseconds + 10);
    return () => window.clearTimeout(timer);
  }, [isHolding]);
  useEffect(() => {
    if (isHeld) {
      navigator.vibrate?.(40);
      latest.current();
      setHold(idleHold);
    }
  }, [isHeld]);

  const down = () => setHold((current) => press(current, performance.now()));
  const up = () => setHold((current) => release(current, performance.now()));
  const away = () => setHold(abandon());
  const isHoldKey = (event: KeyboardEvent) => !isInputMethod(event) && (event.code === 'Space' || event.code === 'Enter');
  return (
    <button
      type="button"
      className={`hold ${isHolding ? 'hold-down' : ''} ${className ?? ''}`}
      data-testid="milestone-hold"
      data-milestone={milestone}
      onPointerDown={(event) => event.button === 0 && down()}
      onPointerUp={up}
      onPointerLeave={away}
      onPointerCancel={away}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (isHoldKey(event)) {
          event.preventDefault();
          if (!event.repeat) {
            down();
          }
        }
      }}
      onKeyUp={(event) => isHoldKey(event) && up()}
      onBlur={away}
    >
      {children}
    </button>
  );
}
