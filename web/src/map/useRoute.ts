import { useQuery } from '@tanstack/react-query';
import type { LonLat } from '../api/contract';
import { server } from '../api/server';
import { positions } from '../feed/positions';
import { useBoard, useDestinations, useIncident } from '../incidents/useBoard';
import { useDesk } from '../shell/desk';
import { unitPlace } from '../units/order';

const onTheWay = ['notified', 'acknowledged', 'enRoute', 'leftScene'];

/**
 * The way that is drawn: of the suggestion that is looked at to the place of the case, else of the selected unit (or
 * the only one on its way) to where it is going. Asked again every 15 s, for the unit drives on.
 */
export function useRoute(): readonly LonLat[] | null {
  const { formOpen, draftPlace, incidentId, unitId, previewUnitId } = useDesk();
  const board = useBoard().data;
  const incident = useIncident(formOpen ? null : incidentId).data;
  const moving = incident?.assignments.filter(({ active, status }) => active && onTheWay.includes(status)) ?? [];
  const assigned = moving.find((assignment) => assignment.unitId === unitId) ?? (moving.length === 1 ? moving[0] : undefined);
  const wantedId = previewUnitId ?? (formOpen ? null : (assigned?.unitId ?? null));
  // With the patient on board the way leads to the hospital.
  const isTransporting = previewUnitId === null && assigned?.status === 'leftScene';
  const destinations = useDestinations(isTransporting).data?.destinations;
  const hospital = destinations?.find(({ id }) => id === assigned?.destinationId);
  const scene: LonLat | null = formOpen ? draftPlace : incident ? [incident.place.lon, incident.place.lat] : null;
  const target: LonLat | null = isTransporting ? (hospital ? [hospital.lon, hospital.lat] : null) : scene;
  const unit = board?.units.find(({ id }) => id === wantedId);

  const route = useQuery({
    queryKey: ['route', unit?.id, target?.join()],
    queryFn: ({ signal }) => {
      if (!unit || !target) {
        throw new Error('Nothing to ask for.');
      }
      const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
      return server.route([lon, lat], target, signal);
    },
    enabled: unit !== undefined && target !== null,
    refetchInterval: 15_000,
    // No route is no failure of the desk: the line is just not drawn.
    retry: false,
  });
  return unit && target ? (route.data?.geometry ?? null) : null;
}
