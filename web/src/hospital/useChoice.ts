import { useQuery, useQueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { request } from '../api/request';
import { useHealth } from '../feed/health';
import { hospitalsKey, sentKey } from '../feed/hospitals';
import { serverNow } from '../shell/clock';
import { hospitalApi, type Wish } from './api';
import { neededFor, type TriageResult } from './summary';

/** A run as the choice of its hospital knows it. */
export interface Run {
  id: string;
  incidentId: string;
}

/** Null where it is as the triage and the incident say. */
type Wished = Omit<Wish, 'capabilities'> & { capabilities: readonly string[] | null };

const nothing: Wished = { capabilities: null, level: null, wishHospitalId: null };

/** What was said of the patient of each run: the pane, the panel of the run and the command line ask with the same. */
const useWishes = create<Record<string, Wished>>(() => ({}));

export const wishFor = (runId: string, part: Partial<Wished>): void =>
  useWishes.setState((wishes) => ({ [runId]: { ...(wishes[runId] ?? nothing), ...part } }));

/** All hospitals as they are now, and when that was read. */
export const useHospitalsNow = () =>
  useQuery({
    queryKey: [...hospitalsKey, 'list'],
    queryFn: async ({ signal }) => ({ hospitals: await hospitalApi.list(signal), readAt: serverNow() }),
    refetchInterval: 15_000,
  });

/** What came of the questions on the telephone. Each read is written down: once is enough. */
export const useTriageOf = (incidentId: string | null) =>
  useQuery({
    queryKey: ['triage', 'incident', incidentId],
    queryFn: ({ signal }) => request<TriageResult>('GET', `/api/incidents/${incidentId}/triage`, { signal }),
    enabled: incidentId !== null,
    staleTime: 60_000,
  });

/**
 * Where to bring somebody, best first. Live: asked on every hint of a hospital, and every 15 s, for the unit drives on; else once, for a screen on
 * which nothing may move under a finger.
 */
export const useRanking = (runId: string | null, wish: Wish, isLive = true) =>
  useQuery({
    queryKey: [...hospitalsKey, 'choice', runId, wish],
    queryFn: ({ signal }) => hospitalApi.choose(runId ?? '', wish, signal),
    enabled: runId !== null,
    refetchInterval: isLive ? 15_000 : false,
    retry: isLive ? undefined : false,
    // With another wish the old order stands until the new one is there; never that of another run.
    placeholderData: (before, query) => (query?.queryKey[2] === runId ? before : undefined),
  });

/** The same, with what the triage says that the patient needs until somebody says otherwise. */
export function useChoice(run: Run | null) {
  const wished = useWishes((wishes) => (run && wishes[run.id]) || nothing);
  const triage = useTriageOf(run?.incidentId ?? null);
  const wish: Wish = { ...wished, capabilities: wished.capabilities ?? neededFor(triage.data) };
  // Without its triage a run is ranked too: what is needed is then for people to say.
  const ranking = useRanking(run && !triage.isPending ? run.id : null, wish);
  return { wish, triage: triage.data, ranking };
}

/** What hospitals were told of a run, oldest first, and who there has read it. */
export function useSent(runId: string | null) {
  const isHinted = useHealth((health) => health.hospitals !== 'down');
  return useQuery({
    queryKey: [...sentKey, runId],
    queryFn: ({ signal }) => hospitalApi.sent(runId ?? '', signal),
    enabled: runId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: isHinted ? false : 15_000,
  });
}

export function useReadSent(): (runId: string) => void {
  const queries = useQueryClient();
  return (runId) => void queries.refetchQueries({ queryKey: [...sentKey, runId] });
}
