import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { incidentApi } from './api';
import { useBoard } from './useBoard';

/** Asked anew with each version of the incident: a unit was sent, or it has become another type. */
export function useNeeds(incidentId: string | null) {
  const incident = useBoard().data?.incidents.find(({ id }) => id === incidentId);
  return useQuery({
    queryKey: ['needs', incidentId, incident?.version],
    queryFn: ({ signal }) => incidentApi.needs(incidentId ?? '', signal),
    enabled: incidentId !== null && incident !== undefined && incident.status !== 'closed',
    // Of the version before it stands until the new one is there; never of another incident.
    placeholderData: (before, query) => (query?.queryKey[1] === incidentId ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Codes with their names. They change when an administrator changes them. */
export const useReference = () =>
  useQuery({
    queryKey: ['reference'],
    queryFn: ({ signal }) => incidentApi.reference(signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
