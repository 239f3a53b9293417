import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLitScreen } from '../crew/useCrew';
import { useHealth } from '../feed/health';
import { useClock } from '../shell/clock';
import { formatTime } from '../shell/formats';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { StateChip } from '../shell/Signs';
import { Clock, Switches } from '../shell/TopBar';
import { useAcceptKey } from '../shell/useAcceptKey';
import { useReady } from '../shell/useReady';
import type { StationOrder, StationView } from './api';
import { ring, useBell, useSound, useWokenSound } from './bell';
import { OrderCard } from './OrderCard';
import { askedOf, bellPriority, firstAsked } from './orders';
import { receipts, useReceipts } from './receipts';
import { StationSetup } from './StationSetup';
import './station.css';
import { isRefused, screenCredential, useStation } from './useStation';

/** The computer in a station: what is to be driven to, read from four metres, with a bell that rings until somebody accepts. */
export function StationPage() {
  const [credential, setCredential] = useState(screenCredential.read);
  const [isRefusedOnce, setRefused] = useState(false);
  const use = (given: string) => {
    screenCredential.keep(given);
    setRefused(false);
    setCredential(given);
  };
  return credential && !isRefusedOnce ? (
    <StationScreen key={credential} credential={credential} onRefused={() => setRefused(true)} />
  ) : (
    <StationSetup isRefused={isRefusedOnce} onUse={use} />
  );
}

function StationScreen({ credential, onRefused }: { credential: string; onRefused(): void }) {
  const { t } = useTranslation();
  const station = useStation(credential);
  const waiting = useReceipts((state) => state.waiting);
  const sound = useSound((state) => state.sound);
  const view = station.data;
  const orders = view?.orders ?? [];
  const priority = bellPriority(orders, waiting);
  useLitScreen();
  useWokenSound();
  useBell(priority);
  useReady(station.isSuccess);
  useEffect(() => {
    if (isRefused(station.error)) {
      onRefused();
    }
  }, [station.error, onRefused]);

  const accept = (order: StationOrder) => {
    const ids = askedOf(order, useReceipts.getState().waiting).map(({ deliveryId }) => deliveryId);
    void receipts.accept(credential, ids).then(() => station.refetch());
  };
  useAcceptKey(() => {
    const first = firstAsked(orders, waiting);
    if (first) {
      accept(first);
    }
  });

  return (
    <main className="station" data-bell={priority === null ? 'quiet' : 'ringing'} data-sound={sound}>
      <StationBar name={view?.name ?? ''} />
      <StationBand isStale={station.isError} />
      {station.isPending && (
        <div className="station-idle">
          <Skeleton rows={4} />
          <p>{t('station.loading')}</p>
        </div>
      )}
      {station.isError && !view && <Failure failure={station.error} onRetry={() => void station.refetch()} />}
      {view && orders.length === 0 && <Idle view={view} />}
      {orders.length > 0 && (
        <div className="station-orders" data-count={Math.min(orders.length, 3)}>
          {orders.map((order) => (
            <OrderCard
              key={order.assignmentId}
              order={order}
              credential={credential}
              asked={askedOf(order, waiting)}
              isFirst={order === firstAsked(orders, waiting)}
              isWaiting={order.unread.some(({ deliveryId }) => waiting.includes(deliveryId))}
              onAccept={() => accept(order)}
            />
          ))}
        </div>
      )}
    </main>
  );
}

function StationBar({ name }: { name: string }) {
  const { t } = useTranslation();
  const { network, incidents } = useHealth();
  const sound = useSound((state) => state.sound);
  const link = network === 'down' ? 'offline' : incidents === 'up' ? 'online' : 'polling';
  return (
    <header className="bar station-bar">
      <h1>{name || t('station.title')}</h1>
      <Clock />
      <span className={`bar-state bar-state-${link === 'offline' ? 'down' : 'up'}`} data-testid="station-link" data-link={link}>
        {t('station.link.name')} <span aria-hidden="true">{{ online: '●', polling: '○', offline: '✕' }[link]}</span>{' '}
        {t(`station.link.${link}`)}
      </span>
      <span className={`bar-state bar-state-${sound === 'on' ? 'up' : 'down'}`} data-testid="station-sound">
        {t('station.sound.name')} <span aria-hidden="true">{sound === 'on' ? '●' : '✕'}</span> {t(`station.sound.${sound}`)}
      </span>
      <Button onClick={() => ring(2)} data-testid="tone-test">
        {t('station.sound.test')}
      </Button>
      <span className="bar-line" />
      <Switches />
    </header>
  );
}

/** Its space is always kept: nothing jumps when it speaks. */
function StationBand({ isStale }: { isStale: boolean }) {
  const { t } = useTranslation();
  const network = useHealth((health) => health.network);
  const readAt = useHealth((health) => health.boardReadAt);
  const isSynced = useClock((state) => state.known);
  const isOffline = network === 'down' || isStale;
  return (
    <div className={`band ${isOffline ? 'band-error' : ''}`} data-testid="station-band" role="status">
      {isOffline && t('station.link.offlineSince', { time: readAt && isSynced ? formatTime(readAt) : '–' })}
    </div>
  );
}

function Idle({ view }: { view: StationView }) {
  const { t } = useTranslation();
  return (
    <div className="station-idle" data-testid="station-idle">
      <p className="station-none">{t('station.noneTitle')}</p>
      <p>{t('station.noneWhy')}</p>
      <h2>{t('station.units')}</h2>
      {view.units.length === 0 && <Empty>{t('station.noUnits')}</Empty>}
      <ul className="station-units">
        {view.units.map(({ id, callSign, status, leg }) => (
          <li key={id} data-testid="station-unit">
            <strong>{callSign}</strong>
            <StateChip state={leg ?? (status === 'assigned' ? 'available' : status)} withName />
          </li>
        ))}
      </ul>
    </div>
  );
}
