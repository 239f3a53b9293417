import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual } from '../api/contract';
import { positions } from '../feed/positions';
import { useBoard } from '../incidents/useBoard';
import { locateOnMap } from '../map/control';
import { useClock, useNowSeconds } from '../shell/clock';
import { desk, useDesk } from '../shell/desk';
import { formatAge } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import { StateChip } from '../shell/Signs';
import { ageClass } from './age';
import type { UnitView } from './api';
import { rowsByStation, unitPlace } from './order';
import { stateOf } from './states';

/** Who can go? Rows stand by station and stay; only cells change. */
export function UnitList() {
  const { t } = useTranslation();
  const board = useBoard();
  const unitId = useDesk((state) => state.unitId);
  const rows = useMemo(() => rowsByStation(board.data?.units ?? []), [board.data]);
  const contradictions = useMemo(
    () => new Map((board.data?.contradictions ?? []).map(({ unitId: id, contradiction }) => [id, contradiction.reason])),
    [board.data],
  );
  const open = (unit: UnitView) => {
    if (unit.incidentId) {
      desk.selectIncident(unit.incidentId);
    }
    desk.selectUnit(unit.id);
  };
  return (
    <>
      {board.isError && !board.data && <Failure failure={board.error} onRetry={() => void board.refetch()} />}
      {board.isPending && <Skeleton rows={6} />}
      {board.data && rows.length === 0 && <Empty>{t('units.empty')}</Empty>}
      {rows.length > 0 && (
        <div className="unit-row unit-head" aria-hidden="true">
          <span>{t('units.callSign')}</span>
          <span>{t('units.state')}</span>
          <span>{t('units.station')}</span>
          <span>{t('units.age')}</span>
          <span>{t('units.incident')}</span>
        </div>
      )}
      <RowList
        label={t('pane.units')}
        rows={rows}
        selectedId={unitId}
        onOpen={open}
        onTick={(unit) => {
          const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
          desk.selectUnit(unit.id);
          locateOnMap([lon, lat]);
        }}
        attributes={(unit) => ({ 'data-testid': 'unit-row', 'data-unit-id': unit.id })}
      >
        {(unit) => <UnitRow unit={unit} contradiction={contradictions.get(unit.id) ?? null} />}
      </RowList>
    </>
  );
}

function UnitRow({ unit, contradiction }: { unit: UnitView; contradiction: Bilingual | null }) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const speed = useClock((state) => state.clock.speed);
  const { time } = unitPlace(unit, positions.find(unit.vehicleId));
  const age = time === null ? null : now - Date.parse(time) / 1000;
  return (
    <>
      <div className="unit-row">
        <strong className="call-sign">{unit.callSign}</strong>
        <StateChip state={stateOf(unit)} withName />
        <span className="cut">{unit.stationName}</span>
        <span className={`number age-${ageClass(age, speed)}`}>{age === null ? t('units.noFix') : formatAge(age)}</span>
        <span className="number">{unit.incidentNumber ?? '–'}</span>
      </div>
      {contradiction && (
        <p className="unit-note" data-testid="contradiction">
          <span className="mark mark-warn">
            {t('parts.contradiction')} {inLanguage(contradiction)}
          </span>
        </p>
      )}
    </>
  );
}
