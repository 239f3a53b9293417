import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hospital, IncidentSummary } from '../api/contract';
import { useBoard, useHospitals } from '../incidents/useBoard';
import { language } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { Since, StateChip } from '../shell/Signs';

/** Who is on the way to which hospital, or there and not handed over. */
export const inboundTo = (hospitalId: string, incidents: readonly IncidentSummary[]) =>
  incidents
    .flatMap(({ assignments }) => assignments)
    .filter(
      ({ active, status, destinationId }) =>
        active && destinationId === hospitalId && (status === 'leftScene' || status === 'atDestination'),
    );

/** Who can receive? Rows stay in their order; only what comes in changes. */
export function HospitalBoard() {
  const { t } = useTranslation();
  const hospitals = useHospitals(true);
  const incidents = useBoard().data?.incidents;
  const rows = useMemo(
    () => [...(hospitals.data?.hospitals ?? [])].sort((one, other) => one.name.localeCompare(other.name, 'zh-CN')),
    [hospitals.data],
  );
  return (
    <section className="pane wall-hospitals" data-testid="hospital-board" aria-label={t('board.hospitals')}>
      <header className="pane-head">
        <h2>{t('board.hospitals')}</h2>
        <span className="pane-aside mark mark-warn">{t('board.noLoad')}</span>
      </header>
      <div className="pane-body">
        {hospitals.isError && !hospitals.data && <Failure failure={hospitals.error} onRetry={() => void hospitals.refetch()} />}
        {hospitals.isPending && <Skeleton rows={6} />}
        {hospitals.data && rows.length === 0 && <Empty>{t('board.noHospitals')}</Empty>}
        {rows.map((hospital) => (
          <HospitalRow key={hospital.id} hospital={hospital} incidents={incidents ?? []} />
        ))}
      </div>
    </section>
  );
}

function HospitalRow({ hospital, incidents }: { hospital: Hospital; incidents: readonly IncidentSummary[] }) {
  const { t } = useTranslation();
  const inbound = inboundTo(hospital.id, incidents);
  return (
    <div className="wall-hospital" data-testid="hospital-row" data-inbound={inbound.length}>
      <strong className="cut">{language() === 'en' ? (hospital.nameEn ?? hospital.name) : hospital.name}</strong>
      <span className="number">{t('board.inbound', { count: inbound.length })}</span>
      <span className="wall-inbound">
        {inbound.map(({ id, callSign, status, since }) => (
          <span key={id} className="incident-unit">
            <StateChip state={status} />
            <strong className="call-sign">{callSign}</strong>
            <Since time={since} />
          </span>
        ))}
      </span>
    </div>
  );
}
