import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import type { TriageReference } from './triage';

/** Protocols, key words, levels: held while the console is open, so that nothing waits for the server while a caller speaks. */
export const useTriageReference = () =>
  useQuery({
    queryKey: ['triage', 'reference'],
    queryFn: ({ signal }) => request<TriageReference>('GET', '/api/triage/protocols', { signal }),
    staleTime: 600_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
