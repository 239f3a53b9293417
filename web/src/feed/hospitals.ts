import { JsonHubProtocol } from '@microsoft/signalr';
import type { QueryClient } from '@tanstack/react-query';
import type { SentPrealert } from '../hospital/api';
import { concerns } from '../hospital/load';
import { coalesce } from './coalesce';
import { type Hub, keepConnected } from './hub';

/** What stands of hospitals now: their list, and who is chosen for a run. */
export const hospitalsKey = ['hospitals-now'] as const;
/** What hospitals were told of runs. */
export const sentKey = ['prealerts'] as const;

/**
 * Turns hints of hospitals into reads. Each read of a pre-alert is written down, so that it is read again only where this hospital was told,
 * or none was yet.
 */
export function watchHospitals(queries: QueryClient): Hub {
  const read = coalesce(() => queries.refetchQueries({ queryKey: hospitalsKey, type: 'active' }), 120);
  const hear = ({ hospitalId }: { hospitalId: string | null }) => {
    read();
    void queries.refetchQueries({
      queryKey: sentKey,
      type: 'active',
      predicate: ({ state }) => concerns(state.data as SentPrealert[] | undefined, hospitalId),
    });
  };
  return keepConnected(
    '/hubs/hospitals',
    'hospitals',
    new JsonHubProtocol(),
    (connection) => connection.on('changed', hear),
    () => hear({ hospitalId: null }),
  );
}
