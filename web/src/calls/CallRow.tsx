import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Since } from '../shell/Signs';
import type { Call } from './api';
import { isMine } from './order';

const solid = new Set(['ringing', 'mine']);

/** One line of the strip: where the call stands, whose it is, since when, and what is known besides. */
export function CallRow({ call, isGone, seat }: { call: Call; isGone: boolean; seat: string | null }) {
  const { t } = useTranslation();
  const state = isGone ? 'ended' : isMine(call, seat) ? 'mine' : call.status;
  return (
    <div className={`call-row ${isGone ? 'is-past' : ''} ${state === 'ringing' ? 'is-lit' : ''}`}>
      <span
        className={`chip ${solid.has(state) ? 'chip-solid' : 'chip-hollow'}`}
        style={{ '--leg': 'var(--text)' } as CSSProperties}
        title={t(`calls.states.${state}`)}
      >
        {t(`calls.chips.${state}`)}
      </span>
      <strong className="call-number">{call.number ?? t('calls.withheld')}</strong>
      <span className="call-marks">
        {call.incidentNumber && <span className="number">→ {call.incidentNumber}</span>}
        {call.earlierCalls > 0 && <span className="number">{t('calls.nth', { count: call.earlierCalls + 1 })}</span>}
        {call.nuisanceReason && (
          <span className="mark cut" title={t('calls.marked', { reason: call.nuisanceReason })}>
            {t('calls.marked', { reason: call.nuisanceReason })}
          </span>
        )}
        {call.status === 'answered' && state !== 'mine' && (
          <span className="number">
            {t('calls.seat')} {call.seat}
          </span>
        )}
        {call.callBackReason && (
          <span className="note-text cut">
            {call.callBackReason === 'dropped' || call.callBackReason === 'unreached'
              ? t(`calls.reasons.${call.callBackReason}`)
              : call.callBackReason}
          </span>
        )}
        {state === 'mine' && !call.lineOpen && <span className="mark">{t('calls.lineEnded')}</span>}
        {call.place && <span className="note-text">{t('calls.located')}</span>}
        {isGone && <span className="mark">{t('calls.gone')}</span>}
      </span>
      {!isGone && <Since time={state === 'ringing' ? call.receivedAt : call.since} />}
    </div>
  );
}
