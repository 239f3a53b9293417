import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { Priority } from '../api/contract';
import { lookOf, type UnitState } from '../units/states';
import { useNowSeconds } from './clock';
import { formatDuration, secondsSince } from './formats';

// The small signs that lists, detail and suggestions share with the map.

export function Diamond({ priority, isClosed = false }: { priority: Priority; isClosed?: boolean }) {
  const colour = (part: string) => `var(--p${priority}-${part})`;
  return (
    <svg className="diamond" viewBox="-15 -15 30 30" width={30} height={30} role="img" aria-label={`P${priority}`}>
      <path
        d="M0-13.5 13.5 0 0 13.5-13.5 0Z"
        fill={isClosed ? 'none' : colour('fill')}
        stroke={isClosed ? 'var(--text3)' : colour('edge')}
        strokeWidth={priority === 4 ? 1.5 : 2}
      />
      <text y={5.5} textAnchor="middle" fontSize={16} fontWeight={600} fill={isClosed ? 'var(--text2)' : colour('digit')}>
        {priority}
      </text>
    </svg>
  );
}

/** Square with the state's character: filled while it happens, hollow while ordered or ending. */
export function StateChip({ state, withName = false }: { state: UnitState; withName?: boolean }) {
  const { t } = useTranslation();
  const { leg, pattern } = lookOf(state);
  return (
    <span className="state" style={{ '--leg': `var(--leg-${leg})` } as CSSProperties}>
      <span className={`chip chip-${pattern}`} aria-hidden={withName} title={t(`states.${state}`)}>
        {t(`chips.${state}`)}
      </span>
      {withName && <span className="state-name">{t(`states.${state}`)}</span>}
    </span>
  );
}

/** Counts up from a moment, each second, whatever is lost meanwhile. */
export function Since({ time }: { time: string }) {
  const now = useNowSeconds();
  return <time className="timer">{formatDuration(secondsSince(time, now))}</time>;
}
