import { JsonHubProtocol } from '@microsoft/signalr';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Problem } from '../api/request';
import { coalesce } from '../feed/coalesce';
import { useHealth } from '../feed/health';
import { keepConnected } from '../feed/hub';
import { serverNow } from '../shell/clock';
import { stationApi } from './api';
import { receipts } from './receipts';

const place = 'geodispatch.station.credential';

/** The credential of this computer. It stays until another takes its place. */
export const screenCredential = {
  read: (): string | null => localStorage.getItem(place),
  keep: (credential: string): void => localStorage.setItem(place, credential),
};

const stationKey = ['station'] as const;

/** The orders of the station: read on every hint of change, every 30 s besides, and every 5 s while no hints come. */
export function useStation(credential: string) {
  const queries = useQueryClient();
  useEffect(() => {
    const read = coalesce(() => queries.refetchQueries({ queryKey: stationKey }), 60);
    const hub = keepConnected(
      '/hubs/incidents',
      'incidents',
      new JsonHubProtocol(),
      (connection) => connection.on('changed', read),
      read,
      credential,
    );
    return hub.stop;
  }, [queries, credential]);

  const isHinted = useHealth((health) => health.incidents === 'up');
  return useQuery({
    queryKey: [...stationKey, credential],
    queryFn: async ({ signal }) => {
      // Before the read, so that the answer knows of it.
      await receipts.send(credential);
      const view = await stationApi.read(credential, signal);
      useHealth.setState({ boardReadAt: serverNow() });
      return view;
    },
    retry: (_, failure) => failure instanceof Problem && failure.status === 0,
    refetchInterval: (query) => (isHinted && query.state.status !== 'error' ? 30_000 : 5000),
  });
}

/** Issued anew for another computer, or never good. */
export const isRefused = (failure: unknown): boolean => failure instanceof Problem && failure.status === 401;
