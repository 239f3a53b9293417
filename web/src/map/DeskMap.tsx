import { lazy, Suspense, useCallback, useMemo } from 'react';
import type { LonLat } from '../api/contract';
import { server } from '../api/server';
import type { CallerPlace } from '../calls/api';
import { useClosures, useMapClosures } from '../closures/useClosures';
import { nameOnMap, putOnMap } from '../incidents/draft';
import { useBoard, useCity, useHospitals } from '../incidents/useBoard';
import type { Drafts } from '../incidents/useDraft';
import { useWay } from '../incidents/useWay';
import { desk, useDesk } from '../shell/desk';
import { useMapState } from './control';
import type { Picked } from './scene';

// The map and its drawing library are most of the console's code: they load beside the first screen, not before it.
const MapView = lazy(() => import('./MapView'));

const none = [] as const;

/** The desk's map: the board's content, the selection that lists share, and the place of the open form. */
export function DeskMap({ drafts, caller }: { drafts: Drafts; caller: CallerPlace | null }) {
  const city = useCity();
  const board = useBoard().data;
  const hospitals = useHospitals(true).data?.hospitals;
  const closures = useMapClosures(useClosures(true).data?.closures);
  const { theme, incidentId, unitId, vehicleId, closureId, previewUnitId, formOpen, foundPlace } = useDesk();
  const { unit, way } = useWay();
  const route = unit ? (way.data?.geometry ?? null) : null;
  const { draft, change } = drafts;
  const place = formOpen ? draft.place : null;

  const content = useMemo(
    () => ({
      theme,
      units: board?.units ?? none,
      incidents: board?.incidents ?? none,
      hospitals: hospitals ?? none,
      incidentId: formOpen ? null : incidentId,
      unitId: previewUnitId ?? unitId,
      vehicleId,
      route,
      closures,
      closureId,
      pin: place ? { at: [place.lon, place.lat] as LonLat, certaintyMeters: place.certaintyMeters } : null,
      caller: caller && { at: [caller.lon, caller.lat] as LonLat, certaintyMeters: caller.uncertaintyMeters ?? 0 },
      found: foundPlace,
    }),
    [
      theme,
      board,
      hospitals,
      incidentId,
      unitId,
      vehicleId,
      closures,
      closureId,
      previewUnitId,
      route,
      place,
      caller,
      formOpen,
      foundPlace,
    ],
  );

  const onPlace = useCallback(
    (at: LonLat) => {
      const metersPerPixel = useMapState.getState().control?.metersPerPixel() ?? 1;
      const put = putOnMap(draft, at, metersPerPixel);
      change(put);
      useDesk.setState({ draftPlace: at });
      // The name comes when it comes; without it the point serves as it is.
      server.placeAt(at).then(
        (named) => change((current) => nameOnMap(current, { ...draft, ...put }, named)),
        () => {},
      );
    },
    [change, draft],
  );

  const onPick = useCallback(
    (picked: Picked) => {
      if (picked.kind === 'incident') {
        desk.selectIncident(picked.id);
        return;
      }
      if (picked.kind === 'vehicle') {
        desk.selectVehicle(picked.id);
        return;
      }
      if (picked.kind === 'closure') {
        desk.selectClosure(picked.id);
        return;
      }
      const unit = board?.units.find(({ id }) => id === picked.id);
      if (unit?.incidentId) {
        desk.selectIncident(unit.incidentId);
      }
      desk.selectUnit(picked.id);
      // With no case in hand, who clicks a unit looks at its vehicle.
      if (unit && !unit.incidentId && !useDesk.getState().incidentId) {
        desk.selectVehicle(unit.vehicleId);
      }
    },
    [board],
  );

  if (city.isPending) {
    return <section className="map" data-pane="map" />;
  }
  return (
    <Suspense fallback={<section className="map" data-pane="map" />}>
      <MapView city={city.data ?? null} content={content} isPlacing={formOpen} onPick={onPick} onPlace={onPlace} />
    </Suspense>
  );
}
