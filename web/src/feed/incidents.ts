import { JsonHubProtocol } from '@microsoft/signalr';
import type { QueryClient } from '@tanstack/react-query';
import { alarmsKey } from '../alarms/api';
import type { Changed, IncidentDetail } from '../api/contract';
import { hearCalls } from '../calls/useCalls';
import { coalesce } from './coalesce';
import { type Hub, keepConnected } from './hub';

export const boardKey = ['board'] as const;
export const incidentKey = (id: string) => ['incident', id] as const;

/**
 * Turns hints of change into reads: the board always, the open incident when it is the one that changed (each read of
 * an incident is written down, so none is made in vain). Suggestions follow, for a unit may have become free or busy.
 */
export function watchIncidents(queries: QueryClient): Hub {
  const readBoard = coalesce(async () => {
    await queries.refetchQueries({ queryKey: boardKey });
    await queries.invalidateQueries({ queryKey: ['recommendations'] });
  }, 120);

  const readIncident = (id: string, version: number | null) => {
    const known = queries.getQueryData<IncidentDetail>(incidentKey(id));
    if (known && (version === null || known.version < version)) {
      void queries.invalidateQueries({ queryKey: incidentKey(id) });
    }
  };

  const readAlarms = coalesce(() => queries.refetchQueries({ queryKey: alarmsKey }), 120);
  const calls = hearCalls(queries);

  const readEverything = () => {
    readAlarms();
    readBoard();
    calls.readAll();
    void queries.invalidateQueries({ queryKey: ['incident'] });
  };

  return keepConnected(
    '/hubs/incidents',
    'incidents',
    new JsonHubProtocol(),
    (connection) => {
      connection.on('alarms', readAlarms);
      calls.listen(connection);
      connection.on('changed', (changed: Changed) => {
        if (changed.incidentId === null) {
          readEverything();
        } else {
          readBoard();
          readIncident(changed.incidentId, changed.version);
        }
      });
    },
    readEverything,
  );
}
