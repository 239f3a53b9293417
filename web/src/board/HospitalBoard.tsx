import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../api/contract';
import type { HospitalNow } from '../hospital/api';
import '../hospital/choice.css';
import { InboundText, LoadBars, ReportSigns } from '../hospital/LoadText';
import { useHospitalsNow } from '../hospital/useChoice';
import { useBoard } from '../incidents/useBoard';
import { formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { StateChip } from '../shell/Signs';

/** Who is on the way to which hospital, or there and not handed over. */
export const inboundTo = (hospitalId: string, incidents: readonly IncidentSummary[]) =>
  incidents
    .flatMap(({ assignments }) => assignments)
    .filter(
      ({ active, status, destinationId }) =>
        active && destinationId === hospitalId && (status === 'leftScene' || status === 'atDestination'),
    );

/** Who can receive? Rows stay in their order and as high as they are; what each says changes. */
export function HospitalBoard() {
  const { t } = useTranslation();
  const { data, isError, isPending, error, refetch } = useHospitalsNow();
  const incidents = useBoard().data?.incidents;
  const rows = useMemo(
    () => [...(data?.hospitals ?? [])].sort((one, other) => one.name.localeCompare(other.name, 'zh-CN')),
    [data],
  );
  return (
    <section className="pane wall-hospitals" data-testid="hospital-board" aria-label={t('board.hospitals')}>
      <header className="pane-head">
        <h2>{t('board.hospitals')}</h2>
        <span className="pane-aside note-text number">
          {isError && data ? t('board.hospitalsAsOf', { time: formatTime(data.readAt) }) : t('choice.taken')}
        </span>
      </header>
      {/* Many hospitals scroll: by the keys, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <div className="pane-body" tabIndex={0}>
        {isError && !data && <Failure failure={error} onRetry={() => void refetch()} />}
        {isPending && <Skeleton rows={6} />}
        {data && rows.length === 0 && <Empty>{t('board.noHospitals')}</Empty>}
        {rows.map((hospital) => (
          <HospitalRow key={hospital.id} hospital={hospital} readAt={data?.readAt ?? 0} incidents={incidents ?? []} />
        ))}
      </div>
    </section>
  );
}

function HospitalRow({
  hospital,
  readAt,
  incidents,
}: {
  hospital: HospitalNow;
  readAt: number;
  incidents: readonly IncidentSummary[];
}) {
  const units = inboundTo(hospital.id, incidents);
  return (
    <div className="wall-hospital" data-testid="hospital-row" data-inbound={units.length}>
      <strong className="wall-hospital-name cut">
        {inLanguage({ zh: hospital.name, en: hospital.nameEn ?? hospital.name })}
      </strong>
      <LoadBars hospital={hospital} />
      <span className="wall-inbound">
        <InboundText hospital={hospital} readAt={readAt} />
      </span>
      <span className="wall-inbound">
        {units.map(({ id, callSign, status }) => (
          <span key={id} className="incident-unit">
            <StateChip state={status} />
            <strong className="call-sign">{callSign}</strong>
          </span>
        ))}
      </span>
      <span className="wall-report">
        <ReportSigns hospital={hospital} readAt={readAt} />
      </span>
    </div>
  );
}
