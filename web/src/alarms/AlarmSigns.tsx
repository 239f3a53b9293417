import { useTranslation } from 'react-i18next';
import { formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
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

interface AlarmLineProps {
  alarm: Alarm;
  isInGroup: boolean;
  /** Its row is kept only because the hand is over it. */
  isGone: boolean;
  ownSeat: string;
}

/** What is abnormal, of whom, since when; what to do, where it stands, whose it is. */
export function AlarmLine({ alarm, isInGroup, isGone, ownSeat }: AlarmLineProps) {
  const { t } = useTranslation();
  const { level, what, action, since, count, state, seat, escalatedTo, shelved } = alarm;
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
          <span>{shelved ? t('alarms.shelvedBecause', shelved) : inLanguage(action)}</span>
          <span className={state === 'unconfirmed' ? 'mark mark-warn' : 'mark'}>
            {isGone ? t('list.gone') : t(`alarms.states.${state}`)}{' '}
            {shelved && t('alarms.until', { time: formatTime(shelved.until) })}
          </span>
          {escalatedTo.length > 0 && (
            <span className="mark">
              {t('alarms.passedTo', { whom: escalatedTo.map((whom) => t(`alarms.whom.${whom}`)).join(' ') })}
            </span>
          )}
          <span className="note-text">
            {alarm.id === localId || seat === ownSeat ? t('alarms.ownSeat') : (seat ?? t('alarms.anySeat'))}
          </span>
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
          <strong className="cut">{inLanguage(first.what)}</strong>
          <span className="mark number">×{alarms.length}</span>
          <span className="note-text number">{t('alarms.unseenOf', { count: alarms.filter(isUnseen).length })}</span>
        </div>
      </div>
    </div>
  );
}
