import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { locateOnMap } from '../map/control';
import { hasDesk } from '../session/roles';
import { useSession } from '../session/session';
import { useBack } from '../shell/actions';
import { serverNow, useNowSeconds } from '../shell/clock';
import { desk } from '../shell/desk';
import { formatAge, formatMoment } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Pane, Skeleton } from '../shell/Pane';
import type { VehicleView } from './api';
import { DayReport } from './DayReport';
import { EditVehicle } from './EditVehicle';
import '../admin/admin.css';
import './fleet.css';
import { SendMessage } from './SendMessage';
import { departmentName, useFleets, useVehicle } from './useFleet';
import { kindName, newestPlace } from './vehicle';

/** One vehicle: where it is, who drives it, what it did in a day, and a message to its terminal. */
export function VehiclePanel({ vehicleId }: { vehicleId: string }) {
  const { t } = useTranslation();
  const who = useSession((state) => state.who);
  const one = useVehicle(vehicleId);
  const fleets = useFleets().data?.fleets ?? [];
  const close = () => desk.selectVehicle(null);
  useBack(close);
  const found = one.data;
  const [isEditing, setEditing] = useState(false);
  return (
    <Pane
      name="detail"
      className="vehicle-panel"
      testId="vehicle-panel"
      title={t('fleet.panel')}
      keyHint={keyLabel('paneDetail')}
      isFetching={one.isFetching}
      aside={
        <Button onClick={close} data-testid="close-vehicle">
          {t('fleet.close')} <kbd>{keyLabel('back')}</kbd>
        </Button>
      }
    >
      {one.isError && <Failure failure={one.error} onRetry={() => void one.refetch()} />}
      {one.isPending && <Skeleton rows={6} />}
      {found && (
        <div className="vehicle-body">
          <header className="vehicle-head">
            <strong className="plate" data-testid="vehicle-plate">
              {found.vehicle.plate}
            </strong>
            {found.vehicle.name !== found.vehicle.plate && <span>{found.vehicle.name}</span>}
            <span className="note-text">
              {kindName(found.vehicle.kind)} · {departmentName(fleets, found.vehicle.department) ?? t('fleet.noDepartment')}
            </span>
            {who?.roles.includes('administrator') && !isEditing && (
              <Button onClick={() => setEditing(true)} data-testid="edit">
                {t('fleet.edit')}
              </Button>
            )}
          </header>
          {isEditing && <EditVehicle vehicle={found.vehicle} onDone={() => setEditing(false)} />}
          <Whereabouts vehicle={found.vehicle} />
          <dl className="vehicle-facts">
            <dt>{t('fleet.driver')}</dt>
            <dd data-testid="vehicle-driver">
              {found.driver ? (
                <>
                  {found.driver.name} <span className="number">{found.driver.phone}</span>{' '}
                  <span className="note-text number">
                    {t('fleet.since', { time: formatMoment(found.driver.startsAt, serverNow()) })}
                  </span>
                </>
              ) : (
                <span className="note-text">{t('fleet.noDriver')}</span>
              )}
            </dd>
            <dt>{t('fleet.terminal')}</dt>
            <dd>
              {found.terminals.length === 0 && <span className="note-text">{t('fleet.noTerminal')}</span>}
              {found.terminals.map(({ protocol, terminal }) => (
                <span key={`${protocol}/${terminal}`} className="number">
                  {protocol} {terminal}{' '}
                </span>
              ))}
            </dd>
          </dl>
          <DayReport vehicleId={vehicleId} />
          {hasDesk(who) && <SendMessage terminals={found.terminals} />}
        </div>
      )}
    </Pane>
  );
}

function Whereabouts({ vehicle }: { vehicle: VehicleView }) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const { lon, lat, speedKmh, headingDegrees, time } = newestPlace(vehicle);
  if (lon === null || lat === null || time === null) {
    return <p className="empty">{t('fleet.noFix')}</p>;
  }
  return (
    <dl className="vehicle-facts" data-testid="whereabouts">
      <dt>{t('fleet.position')}</dt>
      <dd>
        <span className="number" data-testid="vehicle-place">
          {lon.toFixed(5)}, {lat.toFixed(5)}
        </span>{' '}
        <Button onClick={() => locateOnMap([lon, lat])} data-testid="locate-vehicle">
          {t('fleet.locate')}
        </Button>
      </dd>
      <dt>{t('fleet.age')}</dt>
      <dd className="number">
        <strong>{formatAge(now - Date.parse(time) / 1000)}</strong>{' '}
        <span className="note-text">{formatMoment(time, now * 1000)}</span>
      </dd>
      <dt>{t('fleet.speed')}</dt>
      <dd className="number">
        {speedKmh === null ? '–' : `${Math.round(speedKmh)} km/h`}
        {headingDegrees !== null && ` · ${Math.round(headingDegrees)}°`}
      </dd>
    </dl>
  );
}
