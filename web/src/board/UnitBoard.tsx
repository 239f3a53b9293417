import { useTranslation } from 'react-i18next';
import { useBoard } from '../incidents/useBoard';
import { desk, useDesk } from '../shell/desk';
import { inLanguage } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { StateChip } from '../shell/Signs';
import type { UnitView } from '../units/api';
import { stateOf } from '../units/states';
import { type District, useDistricts } from './districts';

/** Every unit in its district, districts about where the map has them. A cell's state changes, its place never. */
export function UnitBoard() {
  const { t } = useTranslation();
  const board = useBoard();
  const rows = useDistricts(board.data?.units);
  return (
    <section className="pane wall-units" data-testid="unit-board" aria-label={t('board.units')}>
      <header className="pane-head">
        <h2>{t('board.units')}</h2>
        <span className="note-text">{t('board.order')}</span>
      </header>
      <div className="pane-body wall-rows">
        {board.isError && !board.data && <Failure failure={board.error} onRetry={() => void board.refetch()} />}
        {board.data?.units.length === 0 && <Empty>{t('units.empty')}</Empty>}
        {rows === null && !board.isError && <Skeleton rows={8} />}
        {rows?.map((row) => (
          <div className="wall-row" key={row.map(({ name }) => name).join()}>
            {row.map((district) => (
              <DistrictCell key={district.name} district={district} />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

function DistrictCell({ district }: { district: District }) {
  const { t } = useTranslation();
  const { units } = district;
  const name = inLanguage({ zh: district.name, en: district.nameEn }) || t('board.noDistrict');
  const free = units.filter(({ status }) => status === 'available').length;
  return (
    <section className="wall-district" data-testid="district" aria-label={name} style={{ flexGrow: units.length }}>
      <h3>
        {name}
        <span className="number">
          {t('board.free')} <strong>{`${free}/${units.length}`}</strong>
        </span>
      </h3>
      <div className="wall-cells">
        {units.map((unit) => (
          <UnitCell key={unit.id} unit={unit} />
        ))}
      </div>
    </section>
  );
}

function UnitCell({ unit }: { unit: UnitView }) {
  const { t } = useTranslation();
  const isSelected = useDesk(
    (state) => state.unitId === unit.id || (unit.incidentId !== null && state.incidentId === unit.incidentId),
  );
  return (
    <button
      type="button"
      className="wall-cell"
      data-testid="unit-cell"
      data-unit-id={unit.id}
      data-state={stateOf(unit)}
      data-selected={isSelected || undefined}
      aria-pressed={isSelected}
      title={`${unit.callSign} ${t(`states.${stateOf(unit)}`)} ${unit.stationName}`}
      onClick={() => {
        if (unit.incidentId) {
          desk.selectIncident(unit.incidentId);
        }
        desk.selectUnit(unit.id);
      }}
    >
      <StateChip state={stateOf(unit)} />
      <strong className="call-sign">{unit.callSign}</strong>
      <span className="number">{unit.incidentNumber ?? ''}</span>
    </button>
  );
}
