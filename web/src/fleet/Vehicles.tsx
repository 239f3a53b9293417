import { Button, Input, type InputRef } from 'antd';
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../admin/parts';
import { useCity } from '../incidents/useBoard';
import { nothing } from '../map/content';
import { locateOnMap } from '../map/control';
import type { Picked } from '../map/scene';
import { useAction } from '../shell/actions';
import { useNowSeconds } from '../shell/clock';
import { desk, focusPane, useDesk } from '../shell/desk';
import { formatAge } from '../shell/formats';
import { language } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import type { VehicleView } from './api';
import { departmentName, useFleets, useVehicles } from './useFleet';
import { VehiclePanel } from './VehiclePanel';
import { kindName, newestPlace } from './vehicle';

const MapView = lazy(() => import('../map/MapView'));
const onPick = (picked: Picked) => desk.selectVehicle(picked.kind === 'vehicle' ? picked.id : null);

/** List, map and the chosen vehicle side by side; none covers another. */
export function FleetDesk() {
  const { t } = useTranslation();
  const city = useCity();
  const { theme, vehicleId } = useDesk();
  useAction('paneMap', () => focusPane('map'));
  useAction('paneUnits', () => focusPane('units'));
  useAction('paneDetail', () => focusPane('detail'));
  const content = useMemo(
    () => ({
      ...nothing,
      theme,
      vehicleId,
    }),
    [theme, vehicleId],
  );
  return (
    <>
      <VehicleList />
      <Suspense fallback={<section className="map" />}>
        {!city.isPending && (
          <MapView city={city.data ?? null} content={content} isPlacing={false} onPick={onPick} onPlace={() => {}} />
        )}
      </Suspense>
      {vehicleId ? (
        <VehiclePanel key={vehicleId} vehicleId={vehicleId} />
      ) : (
        <Pane name="detail" title={t('fleet.panel')} keyHint={keyLabel('paneDetail')}>
          <Empty>{t('fleet.noneChosen')}</Empty>
        </Pane>
      )}
    </>
  );
}

function VehicleList() {
  const { t } = useTranslation();
  const vehicleId = useDesk((state) => state.vehicleId);
  const fleets = useFleets().data;
  const [question, setQuestion] = useState({ search: '', department: '', kind: '' });
  const vehicles = useVehicles(useDeferredValue(question));
  const field = useRef<InputRef>(null);
  useAction('search', () => field.current?.focus({ cursor: 'all' }));
  const rows = vehicles.data?.pages.flatMap((page) => page.vehicles) ?? [];
  const isAsked = question.search.trim() !== '' || question.department !== '' || question.kind !== '';
  const change = (part: Partial<typeof question>) => setQuestion({ ...question, ...part });
  return (
    <Pane
      name="units"
      title={t('fleet.vehicles')}
      count={vehicles.data?.pages[0]?.total ?? 0}
      keyHint={keyLabel('paneUnits')}
      isFetching={vehicles.isFetching}
    >
      <search className="fleet-search">
        <Input
          ref={field}
          value={question.search}
          placeholder={t('fleet.searchVehicles')}
          aria-label={t('fleet.search')}
          prefix={<kbd>{keyLabel('search')}</kbd>}
          maxLength={60}
          onChange={(event) => change({ search: event.target.value })}
          data-testid="search-vehicles"
        />
        <Choice
          id="fleetDepartment"
          value={question.department}
          isFaulty={false}
          options={[
            { value: '', label: t('fleet.allDepartments') },
            ...(fleets?.fleets ?? []).map(({ code, name, nameEn, vehicles }) => ({
              value: code,
              label: `${language() === 'zh' ? name : nameEn} ${vehicles}`,
            })),
          ]}
          onPick={(department) => change({ department })}
        />
        <Choice
          id="fleetKind"
          value={question.kind}
          isFaulty={false}
          options={[
            { value: '', label: t('fleet.allKinds') },
            ...(fleets?.kinds ?? []).map((kind) => ({ value: kind, label: kindName(kind) })),
          ]}
          onPick={(kind) => change({ kind })}
        />
      </search>
      {vehicles.isError && <Failure failure={vehicles.error} onRetry={() => void vehicles.refetch()} />}
      {vehicles.isPending && <Skeleton rows={8} />}
      {vehicles.isSuccess && rows.length === 0 && <Empty>{t(isAsked ? 'fleet.noVehicles' : 'fleet.noVehiclesYet')}</Empty>}
      <RowList
        label={t('fleet.vehicles')}
        rows={rows}
        selectedId={vehicleId}
        attributes={({ plate }) => ({ 'data-testid': 'vehicle-row', 'data-plate': plate })}
        onOpen={(vehicle) => {
          desk.selectVehicle(vehicle.id);
          const { lon, lat } = newestPlace(vehicle);
          if (lon !== null && lat !== null) {
            locateOnMap([lon, lat]);
          }
        }}
      >
        {(vehicle) => <Row vehicle={vehicle} department={departmentName(fleets?.fleets ?? [], vehicle.department)} />}
      </RowList>
      {vehicles.hasNextPage && (
        <Button
          block
          loading={vehicles.isFetchingNextPage}
          onClick={() => void vehicles.fetchNextPage()}
          data-testid="more-vehicles"
        >
          {t('fleet.more')}
        </Button>
      )}
    </Pane>
  );
}

function Row({ vehicle, department }: { vehicle: VehicleView; department: string | null }) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const { time, speedKmh } = newestPlace(vehicle);
  return (
    <span className="vehicle-row">
      <strong className="plate">{vehicle.plate}</strong>
      <span className="cut">{vehicle.name === vehicle.plate ? kindName(vehicle.kind) : vehicle.name}</span>
      <span className="cut note-text vehicle-department">{department ?? t('fleet.noDepartment')}</span>
      {time === null ? (
        <span className="note-text vehicle-never">{t('fleet.neverReported')}</span>
      ) : (
        <>
          <span className="number vehicle-speed">{speedKmh === null ? '' : `${Math.round(speedKmh)} km/h`}</span>
          <span className="number vehicle-age">{formatAge(now - Date.parse(time) / 1000)}</span>
        </>
      )}
    </span>
  );
}
