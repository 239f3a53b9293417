import { Button } from 'antd';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ClosurePanel } from '../closures/ClosurePanel';
import { useClosures, useMapClosures, useSharedClosures } from '../closures/useClosures';
import { positions } from '../feed/positions';
import { VehiclePanel } from '../fleet/VehiclePanel';
import { useCity, useHospitals } from '../incidents/useBoard';
import { seesFleet, seesVehicles } from '../session/roles';
import { session, useSession } from '../session/session';
import { Band } from '../shell/Band';
import { desk, useDesk } from '../shell/desk';
import { Search } from '../shell/Search';
import { Clock, Switches } from '../shell/TopBar';
import { useReady } from '../shell/useReady';
import { useMapState } from './control';
import type { Picked } from './scene';

const MapView = lazy(() => import('./MapView'));
const none = [] as const;
const onPick = (picked: Picked) =>
  picked.kind === 'closure' ? desk.selectClosure(picked.id) : desk.selectVehicle(picked.kind === 'vehicle' ? picked.id : null);

/** The map alone, for those without a desk: departments and crews with vehicles, anyone else without. */
export function MapPage({ onSignIn }: { onSignIn?: () => void }) {
  const { t } = useTranslation();
  const who = useSession((state) => state.who);
  const city = useCity();
  const { theme, vehicleId, closureId, foundPlace } = useDesk();
  const ofDesk = useClosures(who !== null).data?.closures;
  const shared = useSharedClosures(who === null).data;
  const closures = useMapClosures(who ? ofDesk : shared);
  const hospitals = useHospitals(who?.roles.includes('crew') ?? false).data?.hospitals;
  const styleLoaded = useMapState((state) => state.styleLoaded);
  const isWatching = seesVehicles(who);
  useEffect(() => (isWatching ? positions.connect() : undefined), [isWatching]);
  useReady(styleLoaded);

  const content = useMemo(
    () => ({
      theme,
      units: none,
      incidents: none,
      hospitals: hospitals ?? none,
      incidentId: null,
      unitId: null,
      vehicleId,
      route: null,
      pin: null,
      found: foundPlace,
      closures,
      closureId,
    }),
    [theme, hospitals, vehicleId, closures, closureId, foundPlace],
  );
  const panelId = seesFleet(who) ? vehicleId : null;
  // Who is not signed in sees where and until when; who drew it, and in what words, is for the desk.
  const openClosureId = who ? closureId : null;
  const roles = who?.roles.map((role) => t(`session.roles.${role as 'department'}`)).join(', ');
  return (
    <main className={`map-page ${panelId || openClosureId ? 'has-panel' : ''}`}>
      <h1 className="unseen">GeoDispatch</h1>
      <header className="bar">
        <Clock />
        {who && <span className="bar-seat number">{who.displayName ?? who.userName}</span>}
        <span className="bar-line">{who ? t('session.mapOnly', { roles }) : t('session.mapOnlyPublic')}</span>
        {seesFleet(who) && <Search board={null} />}
        {seesFleet(who) && (
          <Button href="/fleet" data-testid="to-fleet">
            {t('fleet.title')}
          </Button>
        )}
        {seesFleet(who) && (
          <Button href="/closures" data-testid="to-closures">
            {t('closures.title')}
          </Button>
        )}
        <Switches />
        {who ? (
          <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
            {t('session.signOut')}
          </Button>
        ) : (
          <Button type="primary" onClick={onSignIn}>
            {t('session.toSignIn')}
          </Button>
        )}
      </header>
      <Band />
      <Suspense fallback={<section className="map" />}>
        {!city.isPending && (
          <MapView city={city.data ?? null} content={content} isPlacing={false} onPick={onPick} onPlace={() => {}} />
        )}
      </Suspense>
      {panelId && <VehiclePanel key={panelId} vehicleId={panelId} />}
      {openClosureId && <ClosurePanel key={openClosureId} closureId={openClosureId} />}
    </main>
  );
}
