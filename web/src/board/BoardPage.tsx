import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { CoverPane } from '../cover/CoverPane';
import { useHealth } from '../feed/health';
import { watchHospitals } from '../feed/hospitals';
import { watchIncidents } from '../feed/incidents';
import { useBoard } from '../incidents/useBoard';
import { Band } from '../shell/Band';
import { Clock, LinkState, Switches } from '../shell/TopBar';
import { useReady } from '../shell/useReady';
import './board.css';
import { HospitalBoard } from './HospitalBoard';
import { shareSelection } from './selection';
import { UnitBoard } from './UnitBoard';

/**
 * The second screen: where am I thin? It may hang on a wall: call signs, states, districts and hospitals alone, no name of a person, no
 * telephone number, no address.
 */
export function BoardPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const board = useBoard();
  const health = useHealth();
  useEffect(() => {
    const hub = watchIncidents(queries);
    const hospitals = watchHospitals(queries);
    const stop = shareSelection('board');
    return () => {
      hub.stop();
      hospitals.stop();
      stop();
    };
  }, [queries]);
  useReady(board.isSuccess);
  const units = board.data?.units ?? [];
  const incidents = board.data?.incidents ?? [];
  const count = (status: string) => incidents.filter((incident) => incident.status === status).length;
  return (
    <main className="wall">
      <h1 className="unseen">{t('board.title')}</h1>
      <header className="bar">
        <Clock />
        <span className="bar-count">
          {t('board.free')}{' '}
          <strong data-testid="count-free">{`${units.filter(({ status }) => status === 'available').length}/${units.length}`}</strong>
        </span>
        <span className="bar-count">
          {t('bar.waiting')} <strong>{count('waiting')}</strong>
        </span>
        <span className="bar-count">
          {t('bar.running')} <strong>{count('running')}</strong>
        </span>
        <LinkState name={t('bar.live')} link={health.network === 'down' ? 'down' : health.incidents} />
        <span className="bar-line" />
        <Switches />
      </header>
      <Band />
      <UnitBoard />
      <HospitalBoard />
      <CoverPane />
    </main>
  );
}
