import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { IncidentDetail, LonLat } from '../api/contract';
import { Problem } from '../api/request';
import { server } from '../api/server';
import { report, useHealth } from '../feed/health';
import { boardKey, incidentKey } from '../feed/incidents';
import { serverNow } from '../shell/clock';
import type { UnitView, Wish } from '../units/api';

/** The board: read on every hint of change, every 30 s besides, and every 5 s while no hints come. */
export function useBoard() {
  const isHinted = useHealth((health) => health.incidents !== 'down');
  return useQuery({
    queryKey: boardKey,
    queryFn: async ({ signal }) => {
      try {
        const board = await server.board(signal);
        report('board', 'up');
        useHealth.setState({ boardReadAt: serverNow() });
        return board;
      } catch (failure) {
        if (!signal.aborted && !(failure instanceof Problem && failure.status === 401)) {
          report('board', 'down');
        }
        throw failure;
      }
    },
    refetchInterval: (query) => (isHinted && query.state.status !== 'error' ? 30_000 : 5000),
  });
}

export function useIncident(id: string | null) {
  return useQuery({
    queryKey: incidentKey(id ?? ''),
    queryFn: ({ signal }) => server.incident(id ?? '', signal),
    enabled: id !== null,
    // Each read is written down in the audit: only a change is a reason to read again.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * Who should go, asked anew each ten seconds. What is known of the call besides its place makes it another question.
 * @param requiredBy by which triage the incident's response is asked for.
 */
export function useRecommendations(wish: Omit<Wish, 'limit'> | null, requiredBy: string | null = null) {
  return useQuery({
    queryKey: [
      'recommendations',
      wish?.lon.toFixed(6),
      wish?.lat.toFixed(6),
      wish?.type,
      wish?.priority,
      wish?.incidentId,
      requiredBy,
    ],
    queryFn: async ({ signal }) => {
      const found = await server.recommend({ ...(wish ?? nowhere), limit: 10 }, signal);
      report('roads', found.basis === 'road' ? 'up' : 'down');
      return found;
    },
    enabled: wish !== null,
    // Of another priority at the same place the old order stands until the new one is there.
    placeholderData: (before, query) =>
      query?.queryKey[1] === wish?.lon.toFixed(6) && query?.queryKey[2] === wish?.lat.toFixed(6) ? before : undefined,
    refetchInterval: 10_000,
  });
}

const nowhere = { lon: 0, lat: 0, type: null, priority: null, incidentId: null };

/** Whether times by road are to be had, asked once a minute: the top bar must know before the first call comes. */
export function useRoadsProbe(center: LonLat | undefined): void {
  useQuery({
    queryKey: ['roads', center?.join()],
    queryFn: async () => {
      const [lon, lat] = center ?? [0, 0];
      const { basis } = await server.recommend({ ...nowhere, lon, lat, limit: 1 });
      report('roads', basis === 'road' ? 'up' : 'down');
      return basis;
    },
    enabled: center !== undefined,
    refetchInterval: 60_000,
    retry: false,
  });
}

export const useHospitals = (enabled: boolean) =>
  useQuery({
    queryKey: ['hospitals'],
    queryFn: () => server.hospitals(),
    enabled,
    staleTime: 600_000,
    placeholderData: keepPreviousData,
  });

export const useDestinations = (enabled = true) =>
  useQuery({ queryKey: ['destinations'], queryFn: () => server.destinations(), enabled, staleTime: 60_000 });

export const useCity = () =>
  useQuery({ queryKey: ['city'], queryFn: () => server.city(), staleTime: Number.POSITIVE_INFINITY, retry: 1 });

/** Sends one command at a time; what was refused is kept to be shown where it was pressed. */
export function useCommand() {
  const queries = useQueryClient();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const send = useCallback(
    async <Answer extends IncidentDetail | UnitView>(command: () => Promise<Answer>): Promise<Answer | null> => {
      setSending(true);
      setProblem(null);
      try {
        const answer = await command();
        if ('assignments' in answer) {
          queries.setQueryData(incidentKey(answer.id), answer);
        }
        void queries.refetchQueries({ queryKey: boardKey });
        void queries.invalidateQueries({ queryKey: ['recommendations'] });
        return answer;
      } catch (failure) {
        setProblem(failure);
        return null;
      } finally {
        setSending(false);
      }
    },
    [queries],
  );

  return { send, isSending, problem, clear: useCallback(() => setProblem(null), []) };
}
