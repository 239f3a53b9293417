import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { Since } from '../shell/Signs';
import type { Alarm, AlarmLevel } from './api';
import { localId } from './local';
import { type Group, isUnseen } from './order';

const shapes: Record<AlarmLevel, string> = { 1: '▲', 2: '◆', 3: '●' };

/** Shape besides colour: triangle, diamond, disc. */
export const LevelSign = ({ level }: { level: AlarmLevel }) => (
  <span className={`level level-${level}`} role="img" aria-label={`A${level}`}>
    {shapes[level]}
  </span>
);

/** Which unit and incident it is about. */
export const subjectOf = ({ callSign, incidentNumber }: Alarm): string =>
  [callSign, incidentNumber].filter((part) => part !== null).join(' ');

/** A seat as this desk calls it. */
export const seatName = (seat: string | null, ownSeat: string | null, t: TFunction): string =>
  seat === null ? t('alarms.anySeat') : seat === ownSeat ? t('alarms.ownSeat') : t('alarms.seat', { seat });

/** To whom it was passed on, with their seats; and that it is time to telephone. */
function passedTo({ concerns, escalatedTo }: Alarm, ownSeat: string | null, t: TFunction): string {
  const others = concerns
    .slice(1)
    .map(
      ({ whom, seat }) =>
        (whom === 'nextSeat' || whom === 'supervisor' ? t(`alarms.whom.${whom}`) : '') + seatName(seat, ownSeat, t),
    );
  return [...others, ...(escalatedTo.includes('phone') ? [t('alarms.whom.phone')] : [])].join(' · ');
}

/** What to do, with this desk's keys for it where it has them. */
const actionOf = ({ action, delivered }: Alarm, t: TFunction): string =>
  delivered === null
    ? inLanguage(action)
    : t(delivered ? 'alarms.unread' : 'alarms.undelivered', { phone: keyLabel('callBack'), divert: keyLabel('divert') });

interface AlarmLineProps {
  alarm: Alarm;
  isInGroup: boolean;
  /** Its row is kept only because the hand is over it. */
  isGone: boolean;
  ownSeat: string | null;
}

/** What is abnormal, of whom, since when; what to do, where it stands, whose it is. */
export function AlarmLine({ alarm, isInGroup, isGone, ownSeat }: AlarmLineProps) {
  const { t } = useTranslation();
  const { level, what, since, count, state, concerns, shelved } = alarm;
  const [first, passed] = concerns;
  return (
    <div className={`alarm-row ${isGone ? 'is-past' : ''} ${isInGroup ? 'is-in-group' : ''}`}>
      <LevelSign level={level} />
      <div className="alarm-main">
        <div className="alarm-line">
          <strong className="cut">{inLanguage(what)}</strong>
          <span className="number call-sign">{subjectOf(alarm)}</span>
          {count > 1 && <span className="mark number">×{count}</span>}
          <span className="incident-since">
            <span className="note-text">{t('alarms.since')}</span>
            <Since time={since} />
          </span>
        </div>
        <div className="alarm-line alarm-facts">
          <span>{shelved ? t('alarms.shelvedBecause', shelved) : actionOf(alarm, t)}</span>
          <span className={state === 'unconfirmed' ? 'mark mark-warn' : 'mark'}>
            {isGone ? t('list.gone') : t(`alarms.states.${state}`)}{' '}
            {shelved && t('alarms.until', { time: formatTime(shelved.until) })}
          </span>
          <span className="note-text" data-testid="alarm-seat">
            {alarm.id === localId ? t('alarms.ownSeat') : seatName(first?.seat ?? null, ownSeat, t)}
          </span>
          {passed && (
            <span className="mark" data-testid="alarm-passed">
              {t('alarms.passedTo', { whom: passedTo(alarm, ownSeat, t), time: formatTime(passed.since) })}
            </span>
          )}
        </div>
      </div>
      {isUnseen(alarm) && !isGone && (
        <span className="alarm-confirm" data-tick>
          {t('alarms.confirm')}
        </span>
      )}
    </div>
  );
}

/** In a flood: one cause, how many of them, and how many of these nobody has seen. */
export function CauseLine({ group: { alarms, isOpen } }: { group: Group }) {
  const { t } = useTranslation();
  const [first] = alarms;
  if (!first) {
    return null;
  }
  return (
    <div className="alarm-row">
      <LevelSign level={first.level} />
      <div className="alarm-main">
        <div className="alarm-line">
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
          <strong className="cut">{first.delivered === null ? inLanguage(first.what) : t('alarms.unreadOrders')}</strong>
          <span className="mark number">×{alarms.length}</span>
          <span className="note-text number">{t('alarms.unseenOf', { count: alarms.filter(isUnseen).length })}</span>
        </div>
      </div>
    </div>
  );
}
