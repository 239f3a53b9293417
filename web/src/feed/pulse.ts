import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Problem } from '../api/request';
import { server } from '../api/server';
import { report, useHealth } from './health';
import { boardKey } from './incidents';

/**
 * Asks each second what a desk cannot see for itself: a database that is away sends no hints, an exchange that is away no calls. Both
 * look like a quiet night.
 */
export function usePulse(): void {
  const queries = useQueryClient();
  useQuery({
    queryKey: ['pulse'],
    queryFn: async () => {
      const pulse = await server.pulse().catch((failure: unknown) => {
        if (failure instanceof Problem && failure.code === 'database.away') {
          // Even who asks cannot be looked up.
          return { database: false, telephony: 'none' } as const;
        }
        throw failure;
      });
      report('telephony', pulse.telephony === 'none' ? 'unknown' : pulse.telephony);
      if (!pulse.database) {
        report('board', 'down');
      } else if (useHealth.getState().board === 'down') {
        void queries.refetchQueries({ queryKey: boardKey });
      }
      return pulse;
    },
    refetchInterval: 1000,
    retry: false,
  });
}
