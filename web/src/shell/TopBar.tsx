import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { AlarmCounts } from '../alarms/AlarmPin';
import { RingingCount, useRinging } from '../calls/CallStrip';
import { type Link, liveState, useHealth } from '../feed/health';
import { isBlank } from '../incidents/draft';
import { useBoard } from '../incidents/useBoard';
import type { Drafts } from '../incidents/useDraft';
import { session, useSession } from '../session/session';
import { run } from './actions';
import { useClock, useNowSeconds } from './clock';
import { desk, useDesk } from './desk';
import { formatDate, formatTime } from './formats';
import { switchLanguage } from './i18n';
import { keyLabel } from './keys';
import { Search } from './Search';

export function TopBar({ drafts }: { drafts: Drafts }) {
  const { t } = useTranslation();
  const board = useBoard().data ?? null;
  const incidents = board?.incidents ?? [];
  const who = useSession((state) => state.who);
  const health = useHealth();
  const formOpen = useDesk((state) => state.formOpen);
  const count = (status: string) => incidents.filter((incident) => incident.status === status).length;
  const ringing = useRinging();
  const latest = isBlank(drafts.draft) ? drafts.parked.at(-1) : drafts.draft;
  return (
    <header className="bar">
      <Clock />
      <button
        type="button"
        className="bar-seat link"
        title={`${who?.userName ?? ''} · ${t('handover.title')} ${keyLabel('paneHandover')}`}
        onClick={() => run('paneHandover')}
        data-testid="to-handover"
      >
        <span className="note-text">{t('handover.title')}</span>{' '}
        <span className="number">{who?.displayName ?? who?.userName}</span>
      </button>
      <RingingCount />
      <span className="bar-count">
        {t('bar.waiting')} <strong data-testid="count-waiting">{count('waiting')}</strong>
      </span>
      <span className="bar-count">
        {t('bar.running')} <strong data-testid="count-running">{count('running')}</strong>
      </span>
      <AlarmCounts />
      <LinkState name={t('bar.live')} link={liveState(health)} />
      <LinkState name={t('bar.roads')} link={health.network === 'down' ? 'down' : health.roads} />
      <LinkState name={t('bar.telephony')} link={health.network === 'down' ? 'down' : health.telephony} />
      <Search board={board} />
      <Button type="primary" className="bar-f2" onClick={() => run('newIncident')} data-testid="new-incident">
        {t(ringing > 0 ? 'calls.answer' : 'bar.new')} <kbd>{keyLabel('newIncident')}</kbd>
      </Button>
      {!formOpen && latest && (
        <Button onClick={() => drafts.open(latest)} data-testid="open-draft">
          {t('form.saved', { time: formatTime(latest.startedAt) })}
        </Button>
      )}
      <Button onClick={() => useDesk.setState({ helpOpen: true })}>
        {t('bar.help')} <kbd>{keyLabel('help')}</kbd>
      </Button>
      {/* Beside the desk, not in its place: a call may come in. */}
      <Button href="/catalogue" target="_blank" rel="noopener" data-testid="to-catalogue">
        {t('bar.catalogue')}
      </Button>
      <Button href="/fleet" data-testid="to-fleet">
        {t('fleet.title')}
      </Button>
      <Button href="/closures" data-testid="to-closures">
        {t('closures.title')}
      </Button>
      {who?.roles.includes('administrator') && (
        <Button href="/admin" data-testid="to-admin">
          {t('admin.title')}
        </Button>
      )}
      <Switches />
      <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
        {t('session.signOut')}
      </Button>
    </header>
  );
}

export function Switches() {
  const { t } = useTranslation();
  const theme = useDesk((state) => state.theme);
  return (
    <>
      <Button type="text" onClick={desk.switchTheme} data-testid="switch-theme">
        {t(theme === 'day' ? 'bar.theme' : 'bar.themeDay')}
      </Button>
      <Button type="text" onClick={() => void switchLanguage()} data-testid="switch-language">
        {t('bar.language')}
      </Button>
    </>
  );
}

export function Clock() {
  const { t } = useTranslation();
  const now = useNowSeconds() * 1000;
  const { exercise, speed } = useClock((state) => state.clock);
  return (
    <span className="bar-clock">
      <time data-testid="clock" className="clock">
        {formatTime(now)}
      </time>
      <span className="bar-date number">{formatDate(now)}</span>
      {exercise && (
        <strong className="exercise">
          {t('exercise')} <span className="number">{t('speed', { speed })}</span>
        </strong>
      )}
    </span>
  );
}

/** Shape and word besides colour: filled disc up, hollow lost. */
export function LinkState({ name, link }: { name: string; link: Link }) {
  const { t } = useTranslation();
  const word = { up: t('bar.on'), down: t('bar.off'), unknown: t('bar.unknown') }[link];
  return (
    <span className={`bar-state bar-state-${link}`}>
      {name} <span aria-hidden="true">{link === 'up' ? '●' : link === 'down' ? '✕' : '○'}</span>
      <span className={link === 'down' ? '' : 'unseen'}>{word}</span>
    </span>
  );
}
