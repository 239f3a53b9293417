import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { create } from 'zustand';
import { useCalls } from '../calls/useCalls';
import { liveState, useHealth } from '../feed/health';
import { serverNow } from '../shell/clock';
import { desk, useDesk } from '../shell/desk';
import { type Alarm, alarmsApi, alarmsKey } from './api';
import { alarmOf, confirmLive, type LiveLoss, liveFromStart, localId, lookAtLive } from './local';
import { concerns, type Shown } from './order';
import { listen, quiet } from './sound';
import { play, unlockByHand } from './tones';

/** What this desk does with alarms, besides what the server knows. */
interface AlarmDesk {
  selectedId: string | null;
  /** By F8. */
  shown: Shown | null;
  /** Causes whose alarms are shown one by one in a flood. */
  unfolded: ReadonlySet<string>;
  /** Milliseconds of the steady clock. */
  mutedUntil: number;
  live: LiveLoss;
}

export const useAlarmDesk = create<AlarmDesk>(() => ({
  selectedId: null,
  shown: null,
  unfolded: new Set(),
  mutedUntil: 0,
  live: liveFromStart,
}));

const muteMs = 60_000;

/** Not level 1. */
export const mute = (): void => useAlarmDesk.setState({ mutedUntil: performance.now() + muteMs });

/** Read on every hint, and each ten seconds: that a flood is over no hint tells. */
export const useAlarms = () =>
  useQuery({ queryKey: alarmsKey, queryFn: ({ signal }) => alarmsApi.list(signal), refetchInterval: 10_000 });

/** Every open alarm, this desk's own with them. */
export function useOpenAlarms(): readonly Alarm[] {
  const read = useAlarms().data;
  const live = useAlarmDesk((state) => state.live);
  return useMemo(() => {
    const own = alarmOf(live);
    return own ? [own, ...(read?.alarms ?? [])] : (read?.alarms ?? []);
  }, [read, live]);
}

/** Where this desk sits; null while it has no seat. */
export const useSeat = (): string | null => useCalls().data?.seat ?? null;

/** Looks twice a second whether something is to be heard, and whether the desk is still live. */
export function useAlarmWatch(): void {
  const alarms = useOpenAlarms();
  const seat = useSeat();
  const isFlood = useAlarms().data?.flood ?? false;
  const audible = useMemo(() => ({ alarms: alarms.filter((alarm) => concerns(alarm, seat)), isFlood }), [alarms, seat, isFlood]);
  useEffect(() => unlockByHand(), []);
  const [ears] = useState(() => ({ ear: quiet }));
  useEffect(() => {
    const look = () => {
      const now = performance.now();
      const { live, mutedUntil } = useAlarmDesk.getState();
      const health = useHealth.getState();
      // A database that is away sends no hints: the feeds then look like a quiet night.
      const isDown = liveState(health) === 'down' || health.board === 'down';
      const next = lookAtLive(live, isDown, new Date(serverNow()).toISOString(), now);
      if (next !== live) {
        useAlarmDesk.setState({ live: next });
      }
      const { ear, sound } = listen(ears.ear, { ...audible, mutedUntil }, now);
      ears.ear = ear;
      if (sound !== null) {
        play(sound);
      }
    };
    look();
    const timer = window.setInterval(look, 500);
    return () => window.clearInterval(timer);
  }, [audible, ears]);
}

/** Sends one command at a time; what was refused is kept to be shown. */
export function useAlarmCommand() {
  const queries = useQueryClient();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const send = useCallback(
    async (command: () => Promise<unknown>): Promise<boolean> => {
      setSending(true);
      setProblem(null);
      try {
        await command();
        return true;
      } catch (failure) {
        setProblem(failure);
        return false;
      } finally {
        setSending(false);
        await queries.invalidateQueries({ queryKey: alarmsKey });
      }
    },
    [queries],
  );
  const confirm = useCallback(
    async (id: string): Promise<void> => {
      if (id === localId) {
        useAlarmDesk.setState(({ live }) => ({ live: confirmLive(live) }));
      } else {
        await send(() => alarmsApi.confirm(id));
      }
    },
    [send],
  );
  return { send, confirm, isSending, problem };
}

/** Selects what an alarm is about. */
export function lookAt({ incidentId, unitId }: Alarm): void {
  if (incidentId !== null) {
    desk.selectIncident(incidentId);
  }
  if (unitId !== null) {
    desk.selectUnit(unitId);
  }
}

/** The same, where nothing is typed that it would cover. */
export function lookUndisturbed(alarm: Alarm): void {
  const { formOpen, act } = useDesk.getState();
  if (!formOpen && act === null) {
    lookAt(alarm);
  }
}
