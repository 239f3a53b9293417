import { JsonHubProtocol } from '@microsoft/signalr';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { coalesce } from '../feed/coalesce';
import { useHealth } from '../feed/health';
import { keepConnected } from '../feed/hub';
import { serverNow } from '../shell/clock';
import { hospitalApi } from './api';

const key = ['hospital'] as const;

/** All of one hospital: read on every hint of change, every 15 s besides, for units drive on, and every 5 s while no hints come. */
export function useHospital(id: string) {
  const queries = useQueryClient();
  useEffect(() => {
    const read = coalesce(() => queries.refetchQueries({ queryKey: key }), 60);
    const hub = keepConnected(
      '/hubs/hospitals',
      'incidents',
      new JsonHubProtocol(),
      (connection) => connection.on('changed', read),
      read,
    );
    return hub.stop;
  }, [queries]);

  const isHinted = useHealth((health) => health.incidents === 'up');
  const refetchInterval = isHinted ? 15_000 : 5000;
  return {
    state: useQuery({ queryKey: [...key, 'state', id], queryFn: ({ signal }) => hospitalApi.find(id, signal), refetchInterval }),
    inbound: useQuery({
      queryKey: [...key, 'inbound', id],
      queryFn: ({ signal }) => hospitalApi.inbound(id, signal),
      refetchInterval,
    }),
    prealerts: useQuery({
      queryKey: [...key, 'prealerts', id],
      queryFn: async ({ signal }) => {
        const view = await hospitalApi.prealerts(id, signal);
        useHealth.setState({ boardReadAt: serverNow() });
        return view;
      },
      refetchInterval,
    }),
    readAgain: () => queries.refetchQueries({ queryKey: key }),
  };
}
