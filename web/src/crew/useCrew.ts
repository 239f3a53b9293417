import { JsonHubProtocol } from '@microsoft/signalr';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Changed, Destination, IncidentDetail, LonLat } from '../api/contract';
import { server } from '../api/server';
import { coalesce } from '../feed/coalesce';
import { useHealth } from '../feed/health';
import { type Hub, keepConnected } from '../feed/hub';
import { metersBetween } from '../shell/geo';
import type { CrewTask } from './api';

export const taskKey = (unitId: string) => ['task', unitId] as const;

/** The task: read on every hint of change, every 30 s besides, and every 5 s while no hints come. */
export function useTask(unitId: string) {
  const isHinted = useHealth((health) => health.incidents !== 'down');
  return useQuery({
    queryKey: taskKey(unitId),
    queryFn: ({ signal }) => server.task(unitId, signal),
    refetchInterval: (query) => (isHinted && query.state.status !== 'error' ? 30_000 : 5000),
  });
}

/** What the answer to a milestone says of the task. */
export function taskAfter(task: CrewTask, incident: IncidentDetail): CrewTask {
  const assignment = incident.assignments.find(({ id }) => id === task.assignment?.id) ?? null;
  return assignment?.active
    ? { ...task, incident, assignment }
    : { unit: { ...task.unit, status: 'available', leg: null }, incident: null, assignment: null };
}

/** A crew hears of its own unit's incidents alone: each hint is a reason to read. */
export function watchTask(queries: QueryClient, unitId: string): Hub {
  const read = coalesce(() => queries.refetchQueries({ queryKey: taskKey(unitId) }), 120);
  return keepConnected(
    '/hubs/incidents',
    'incidents',
    new JsonHubProtocol(),
    (connection) => connection.on('changed', (_: Changed) => read()),
    read,
  );
}

/** The way from where the vehicle is now; asked again every 15 s, for it drives on. */
export function useCrewRoute(from: () => LonLat, target: LonLat | null) {
  return useQuery({
    queryKey: ['crew-route', target?.join()],
    queryFn: ({ signal }) => (target ? server.route(from(), target, signal) : null),
    enabled: target !== null,
    refetchInterval: 15_000,
    retry: false,
  }).data;
}

export interface Reach {
  destination: Destination;
  /** By road; null where no route is known. */
  seconds: number | null;
  /** By road, else in a straight line. */
  meters: number;
}

const mostRoutes = 8;

/** Destinations, the nearest by road first. Only the nearest in a straight line are asked for: a city has dozens. */
export function useNearest(from: LonLat, destinations: readonly Destination[]): Reach[] {
  const [origin] = useState(from);
  const near = destinations
    .map(
      (destination): Reach => ({
        destination,
        seconds: null,
        meters: metersBetween(origin, [destination.lon, destination.lat]),
      }),
    )
    .sort((one, other) => one.meters - other.meters);
  const asked = near.slice(0, mostRoutes).map(({ destination }) => destination);
  const routes = useQuery({
    queryKey: ['crew-reach', origin.join(), ...asked.map(({ id }) => id)],
    queryFn: async ({ signal }) => {
      const found = new Map<string, { seconds: number; meters: number }>();
      await Promise.all(
        asked.map(async ({ id, lon, lat }) => {
          const route = await server.route(origin, [lon, lat], signal).catch(() => null);
          if (route) {
            found.set(id, { seconds: route.seconds, meters: route.meters });
          }
        }),
      );
      return found;
    },
    enabled: asked.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const known = near.map((reach) => ({ ...reach, ...routes?.get(reach.destination.id) }));
  return [
    ...known.filter(({ seconds }) => seconds !== null).sort((one, other) => (one.seconds ?? 0) - (other.seconds ?? 0)),
    ...known.filter(({ seconds }) => seconds === null),
  ];
}

/** This device's clock, four times a second while something counts down. */
export function useTick(isWanted: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) {
      return;
    }
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 250);
    return () => window.clearInterval(timer);
  }, [isWanted]);
  return now;
}

/** The screen stays lit while a crew works with it, where the browser can keep it so. */
export function useLitScreen(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let wanted = true;
    const ask = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) {
        return;
      }
      try {
        lock = await navigator.wakeLock.request('screen');
        if (!wanted) {
          await lock.release();
        }
      } catch {
        // A low battery or a setting: the screen goes dark as the device wants it.
      }
    };
    const onShown = () => void ask();
    void ask();
    document.addEventListener('visibilitychange', onShown);
    return () => {
      wanted = false;
      document.removeEventListener('visibilitychange', onShown);
      void lock?.release().catch(() => {});
    };
  }, []);
}
