import { useQuery } from '@tanstack/react-query';
import { server } from '../api/server';
import { positions } from '../feed/positions';
import { useDesk } from '../shell/desk';
import { unitPlace } from '../units/order';
import { useBoard, useDestinations, useIncident } from './useBoard';
import { wantedWay } from './way';

/** The way that is drawn on the map and read to a crew. Asked again every 15 s, for the unit drives on. */
export function useWay() {
  const state = useDesk();
  const board = useBoard().data;
  const incident = useIncident(state.formOpen ? null : state.incidentId).data;
  const isTransporting = incident?.assignments.some(({ active, status }) => active && status === 'leftScene') ?? false;
  const wanted = wantedWay(state, incident, useDestinations(isTransporting).data?.destinations);
  const unit = board?.units.find(({ id }) => id === wanted?.unitId);
  const way = useQuery({
    queryKey: ['route', unit?.id, wanted?.target.join()],
    queryFn: ({ signal }) => {
      if (!unit || !wanted) {
        throw new Error('Nothing to ask for.');
      }
      const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
      return server.route([lon, lat], wanted.target, signal);
    },
    enabled: unit !== undefined && wanted !== null,
    refetchInterval: 15_000,
    // No route is no failure of the desk: it is said where the way would stand, and no line is drawn.
    retry: false,
  });
  return { unit: wanted ? unit : undefined, way };
}
