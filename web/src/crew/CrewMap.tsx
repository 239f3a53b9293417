import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Destination, IncidentDetail, LonLat } from '../api/contract';
import { useCity } from '../incidents/useBoard';
import { useMapState } from '../map/control';
import { useDesk } from '../shell/desk';
import type { UnitView } from '../units/api';

const MapView = lazy(() => import('../map/MapView'));

interface CrewMapProps {
  unit: UnitView;
  incident: IncidentDetail | null;
  hospital: Destination | null;
  place: LonLat;
  target: LonLat | null;
  route: readonly LonLat[] | null;
  /** Shows what is left of the way again whenever it is measured anew. */
  follows: boolean;
}

/** From here to there. The view is set once for each target, and then belongs to the hand. */
export function CrewMap({ unit, incident, hospital, place, target, route, follows }: CrewMapProps) {
  const { t } = useTranslation();
  const city = useCity();
  const theme = useDesk((state) => state.theme);
  const control = useMapState((state) => state.control);
  const content = useMemo(
    () => ({
      theme,
      units: [unit],
      incidents: incident ? [incident] : [],
      hospitals: hospital ? [{ ...hospital, nameEn: null, capabilities: [], synthetic: false }] : [],
      incidentId: null,
      unitId: unit.id,
      route,
      pin: null,
      hidesFleet: true,
    }),
    [theme, unit, incident, hospital, route],
  );

  const whole = [place, ...(target ? [target] : []), ...(route ?? [])];
  const latest = useRef(whole);
  latest.current = whole;
  // A way that comes after its target is shown in whole, once.
  const isRouted = route !== null;
  const shown = `${target?.join() ?? 'idle'} ${isRouted}`;
  useEffect(() => {
    if (control && shown !== '') {
      control.fit(latest.current);
    }
  }, [control, shown]);
  // A screen that is turned, or a map that was given more room, shows the same again.
  useEffect(() => {
    const onTurned = () => requestAnimationFrame(() => control?.fit(latest.current));
    window.addEventListener('resize', onTurned);
    return () => window.removeEventListener('resize', onTurned);
  }, [control]);
  useEffect(() => {
    if (control && follows && route) {
      control.fit(latest.current);
    }
  }, [control, follows, route]);

  return (
    <div className="crew-map" data-testid="crew-map" data-routed={isRouted}>
      <Suspense fallback={<section className="map" />}>
        {!city.isPending && (
          <MapView city={city.data ?? null} content={content} isPlacing={false} onPick={() => {}} onPlace={() => {}} />
        )}
      </Suspense>
      <button
        type="button"
        className="crew-button crew-whole"
        onClick={() => control?.fit(latest.current)}
        data-testid="crew-whole"
      >
        {t(target ? 'crew.whole' : 'crew.here')}
      </button>
    </div>
  );
}
