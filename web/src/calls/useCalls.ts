import type { HubConnection } from '@microsoft/signalr';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { alarmsKey } from '../alarms/api';
import { coalesce } from '../feed/coalesce';
import { useHealth } from '../feed/health';
import { serverNow } from '../shell/clock';
import { type CallDetail, type CallList, callsApi } from './api';
import { useCallDesk } from './desk';

// What is read of calls, and when. All keys begin with `calls`.

const listKey = ['calls', 'list'] as const;
export const callKey = (id: string) => ['calls', 'one', id] as const;
const seatsKey = ['calls', 'seats'] as const;

/** The lists: read on every hint, every 30 s besides, and every 5 s while no hints come. */
export function useCalls() {
  const isHinted = useHealth((health) => health.incidents !== 'down');
  return useQuery({
    queryKey: listKey,
    queryFn: async ({ signal }) => {
      const list = await callsApi.list(signal);
      useCallDesk.setState({ readAt: serverNow() });
      return list;
    },
    refetchInterval: (query) => (isHinted && query.state.status !== 'error' ? 30_000 : 5000),
  });
}

export const useCall = (id: string | null) =>
  useQuery({
    queryKey: callKey(id ?? ''),
    queryFn: ({ signal }) => callsApi.read(id ?? '', signal),
    enabled: id !== null,
    // Each read is written down in the audit: only a change is a reason to read again.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useSeats = (isEnabled: boolean) =>
  useQuery({ queryKey: seatsKey, queryFn: () => callsApi.seats(), enabled: isEnabled });

interface CallHint {
  callId: string | null;
  version: number | null;
}

interface SeatHint {
  seat: string | null;
  /** To whom somebody else took it from. */
  lost: boolean;
}

/** Turns hints of the hub into reads. */
export function hearCalls(queries: QueryClient) {
  const readList = coalesce(() => queries.refetchQueries({ queryKey: listKey }), 120);
  const readAll = () => {
    readList();
    void queries.invalidateQueries({ queryKey: ['calls', 'one'] });
    void queries.invalidateQueries({ queryKey: seatsKey });
  };
  return {
    readAll,
    listen(connection: HubConnection) {
      connection.on('call', ({ callId, version }: CallHint) => {
        if (callId === null) {
          readAll();
          return;
        }
        readList();
        const known = queries.getQueryData<CallDetail>(callKey(callId));
        if (known && (version === null || known.call.version < version)) {
          void queries.invalidateQueries({ queryKey: callKey(callId) });
        }
      });
      connection.on('seat', ({ seat, lost }: SeatHint) => {
        if (lost) {
          useCallDesk.setState({ lostSeat: seat });
        }
        readAll();
        // Whom an alarm concerns follows who sits where.
        void queries.invalidateQueries({ queryKey: alarmsKey });
      });
    },
  };
}

/** Sends commands on calls; what was refused is kept to be said in the strip. */
export function useCallCommand() {
  const queries = useQueryClient();
  const [isSending, setSending] = useState(false);
  const send = useCallback(
    async <Answer>(command: () => Promise<Answer>): Promise<{ answer: Answer } | null> => {
      setSending(true);
      useCallDesk.setState({ said: null });
      try {
        const answer = await command();
        await queries.invalidateQueries({ queryKey: ['calls'] });
        return { answer };
      } catch (failure) {
        useCallDesk.setState({ said: { failure } });
        // A refusal often means that another was quicker: the list shows who.
        void queries.invalidateQueries({ queryKey: listKey });
        return null;
      } finally {
        setSending(false);
      }
    },
    [queries],
  );
  return { send, isSending };
}

export const callsKnown = (queries: QueryClient): CallList | undefined => queries.getQueryData<CallList>(listKey);
