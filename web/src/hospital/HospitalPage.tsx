import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { useLitScreen } from '../crew/useCrew';
import { useHealth } from '../feed/health';
import { session } from '../session/session';
import { useNowSeconds } from '../shell/clock';
import { formatDuration, formatTime } from '../shell/formats';
import { language } from '../shell/i18n';
import { describe, Empty, Failure, Skeleton } from '../shell/Pane';
import { Diamond, StateChip } from '../shell/Signs';
import { Clock, LinkState, Switches } from '../shell/TopBar';
import { useAcceptKey } from '../shell/useAcceptKey';
import { useReady } from '../shell/useReady';
import { type HospitalNow, hospitalApi, type InboundUnit } from './api';
import './hospital.css';
import { PrealertCard } from './PrealertCard';
import { arrivalOf, firstUnread } from './prealerts';
import { ReportForm } from './ReportForm';
import { useHospital } from './useHospital';

/** The emergency department of one hospital: who is announced, what drives here, and what the control room is told. */
export function HospitalPage({ who, hospitalId }: { who: SessionView; hospitalId: string }) {
  const { t } = useTranslation();
  const { state, inbound, prealerts, readAgain } = useHospital(hospitalId);
  const [problem, setProblem] = useState<string | null>(null);
  const list = prealerts.data?.prealerts ?? [];
  const first = firstUnread(list);
  useLitScreen();
  useReady(state.isSuccess && prealerts.isSuccess);
  const receive = (id: string) => {
    setProblem(null);
    hospitalApi
      .receive(hospitalId, id)
      .then(readAgain, (failure: unknown) => setProblem(t('hospital.notReceived', { problem: describe(failure) })));
  };
  useAcceptKey(() => {
    if (first) {
      receive(first.id);
    }
  });
  return (
    <main className="hospital">
      <HospitalBar who={who} hospital={state.data ?? null} />
      <HospitalBand isStale={prealerts.isError} />
      <section className="hospital-prealerts" aria-label={t('hospital.prealerts')}>
        <h2>{t('hospital.prealerts')}</h2>
        {problem && (
          <p className="failure" role="alert">
            {problem}
          </p>
        )}
        {prealerts.isPending && <Skeleton rows={4} />}
        {prealerts.isError && !prealerts.data && <Failure failure={prealerts.error} onRetry={() => void prealerts.refetch()} />}
        {prealerts.data && list.length === 0 && <Empty>{t('hospital.none')}</Empty>}
        {list.map((prealert) => (
          <PrealertCard
            key={prealert.assignmentId}
            prealert={prealert}
            readAt={prealerts.data?.now ?? ''}
            isFirst={prealert === first}
            onReceive={() => receive(prealert.id)}
          />
        ))}
      </section>
      <aside className="hospital-side">
        <section aria-label={t('hospital.inbound')}>
          <h2>{t('hospital.inbound')}</h2>
          {inbound.data?.units.length === 0 && <Empty>{t('hospital.noInbound')}</Empty>}
          <ul>
            {inbound.data?.units.map((unit) => (
              <Inbound key={unit.assignmentId} unit={unit} readAt={inbound.data.now} />
            ))}
          </ul>
        </section>
        {state.data && <ReportForm hospital={state.data} onReported={() => void readAgain()} />}
      </aside>
    </main>
  );
}

function HospitalBar({ who, hospital }: { who: SessionView; hospital: HospitalNow | null }) {
  const { t } = useTranslation();
  const { network, incidents } = useHealth();
  return (
    <header className="bar">
      <Clock />
      <h1>{hospital ? (language() === 'en' ? (hospital.nameEn ?? hospital.name) : hospital.name) : t('hospital.title')}</h1>
      <LinkState name={t('hospital.link')} link={network === 'down' ? 'down' : incidents} />
      <span className="bar-line" />
      <span className="bar-seat">{who.displayName ?? who.userName}</span>
      <Switches />
      <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
        {t('session.signOut')}
      </Button>
    </header>
  );
}

/** Its space is always kept: nothing jumps when it speaks. */
function HospitalBand({ isStale }: { isStale: boolean }) {
  const { t } = useTranslation();
  const { network, boardReadAt } = useHealth();
  const isOffline = network === 'down' || isStale;
  return (
    <div className={`band ${isOffline ? 'band-error' : ''}`} role="status" data-testid="hospital-band">
      {isOffline && t('hospital.offline', { time: boardReadAt ? formatTime(boardReadAt) : '–' })}
    </div>
  );
}

function Inbound({ unit, readAt }: { unit: InboundUnit; readAt: string }) {
  const now = useNowSeconds();
  const arrival = arrivalOf(unit, readAt);
  return (
    <li data-testid="inbound" data-call-sign={unit.callSign}>
      <Diamond priority={unit.priority} />
      <strong className="call-sign">{unit.callSign}</strong>
      <StateChip state={unit.status} withName />
      {arrival !== null && <span className="timer">{formatDuration(arrival / 1000 - now)}</span>}
    </li>
  );
}
