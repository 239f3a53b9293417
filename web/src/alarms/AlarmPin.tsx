import './alarms.css';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions';
import { focusPane, useDesk } from '../shell/desk';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { describe } from '../shell/Pane';
import { Since } from '../shell/Signs';
import { LevelSign, subjectOf } from './AlarmSigns';
import { concerns, countOf, isUnseen, pressTop, topUnconfirmed } from './order';
import { play, unlock, useAudio } from './tones';
import { lookUndisturbed, mute, useAlarmCommand, useAlarmDesk, useAlarmWatch, useOpenAlarms, useSeat } from './useAlarms';

/** How many there are, always in sight; a lost voice, too. */
export function AlarmCounts() {
  const { t } = useTranslation();
  const alarms = useOpenAlarms();
  const audio = useAudio((state) => state.audio);
  return (
    <>
      <button
        type="button"
        className="alarm-counts"
        onClick={() => useDesk.setState({ lowerRight: 'alarms' })}
        title={`${t('pane.alarms')} ${keyLabel('paneAlarms')}`}
        data-testid="alarm-counts"
      >
        {([1, 2] as const).map((level) => {
          const count = countOf(alarms, level);
          return (
            <span key={level} className={count === 0 ? 'level-none' : `level-${level}`}>
              {level === 1 ? '▲' : '◆'}
              <span className="unseen">A{level} </span>
              <strong data-testid={`count-a${level}`}>{count}</strong>
            </span>
          );
        })}
      </button>
      <button
        type="button"
        className={`alarm-audio bar-state ${audio === 'on' ? '' : 'bar-state-down'}`}
        onClick={() => void unlock().then(() => play(2))}
        title={t(`alarms.audio.${audio}`)}
        aria-label={t(`alarms.audio.${audio}`)}
        data-testid="audio"
        data-audio={audio}
      >
        {t('alarms.sound')} <span aria-hidden="true">{audio === 'on' ? '●' : '✕'}</span>
      </button>
    </>
  );
}

/**
 * The first alarm that nobody has confirmed, at a place of its own: nothing moves when it comes or goes. Its frame is the
 * one thing that blinks. F8 shows it, F8 again confirms it; the focus stays where it is.
 */
export function AlarmPin() {
  const { t } = useTranslation();
  const alarms = useOpenAlarms();
  const seat = useSeat();
  const { shown, mutedUntil } = useAlarmDesk();
  const { confirm, isSending, problem } = useAlarmCommand();
  useAlarmWatch();
  const top = topUnconfirmed(alarms, seat);
  const others = alarms.filter((alarm) => isUnseen(alarm) && concerns(alarm, seat)).length - 1;

  const press = () => {
    const { shown: next, confirms } = pressTop(top?.id ?? null, shown, performance.now());
    useAlarmDesk.setState({ shown: next });
    if (top && confirms) {
      if (!isSending) {
        void confirm(top.id);
      }
    } else if (top) {
      useAlarmDesk.setState({ selectedId: top.id });
      useDesk.setState({ lowerRight: 'alarms' });
      lookUndisturbed(top);
      // The row that had the focus may have been of the pane that gave way.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) {
          focusPane('alarms');
        }
      });
    }
  };
  useAction('topAlarm', press);
  useAction('mute', mute);

  if (top === null) {
    return (
      <div className="alarm-pin" data-testid="alarm-pin">
        <span className="note-text cut">{t('alarms.noneToConfirm')}</span>
        <Muted until={mutedUntil} />
      </div>
    );
  }
  return (
    <button
      type="button"
      className="alarm-pin is-unseen"
      onClick={press}
      data-testid="alarm-pin"
      data-alarm-id={top.id}
      data-level={top.level}
      data-shown={shown?.id === top.id || undefined}
    >
      <LevelSign level={top.level} />
      <strong className="cut">{problem === null ? inLanguage(top.what) : describe(problem)}</strong>
      <span className="number call-sign">{subjectOf(top)}</span>
      <Since time={top.since} />
      {others > 0 && <span className="note-text number">+{others}</span>}
      <Muted until={mutedUntil} />
      <span className="pin-act">
        {t(shown?.id === top.id ? 'alarms.confirm' : 'alarms.show')} <kbd>{keyLabel('topAlarm')}</kbd>
      </span>
    </button>
  );
}

/** Rendered again each second by the timers beside it. */
const Muted = ({ until }: { until: number }) => {
  const { t } = useTranslation();
  return performance.now() < until ? <span className="mark">{t('alarms.muted')}</span> : null;
};
