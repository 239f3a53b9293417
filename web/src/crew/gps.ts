import { create } from 'zustand';
import { Problem } from '../api/request';
import { server } from '../api/server';
import { positions } from '../feed/positions';
import { serverNow, useClock } from '../shell/clock';
import type { AvlFix, CrewDevice } from './api';
import { isWorthSending, keep, mostInOne, speedBetween } from './fixes';

// The screen's own position: shown here at once, and sent as a device of the vehicle.

/** `denied`: the browser was told not to. `insecure`: browsers measure over https alone. `off`: it measured nothing. */
export type Measuring = 'asking' | 'on' | 'denied' | 'insecure' | 'off';
/** `taken`: another screen of this unit sends now. `refused`: this one may not. */
export type Sending = 'idle' | 'sent' | 'failing' | 'taken' | 'refused';

interface Gps {
  measuring: Measuring;
  sending: Sending;
  fix: AvlFix | null;
}

const nothing: Gps = { measuring: 'asking', sending: 'idle', fix: null };
export const useGps = create<Gps>(() => nothing);

const storageKey = (unitId: string) => `geodispatch.device.${unitId}`;
const betweenMilliseconds = 2000;
const quietMilliseconds = 8000;

/** The credential lives as long as the tab: whoever signs in next asks for one of their own. */
function knownDevice(unitId: string): CrewDevice | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey(unitId)) ?? 'null') as CrewDevice | null;
  } catch {
    return null;
  }
}

async function deviceOf(unitId: string): Promise<CrewDevice> {
  const known = knownDevice(unitId);
  if (known) {
    return known;
  }
  const device = await server.registerDevice(unitId);
  sessionStorage.setItem(storageKey(unitId), JSON.stringify(device));
  return device;
}

export const forgetDevice = (unitId: string): void => sessionStorage.removeItem(storageKey(unitId));

function toFix({ coords, timestamp }: GeolocationPosition): AvlFix {
  // The browser's clock may be wrong, and an exercise has a time of its own: only the age is taken from it.
  const age = Math.max(0, Date.now() - timestamp) * useClock.getState().clock.speed;
  return {
    time: new Date(serverNow() - age).toISOString(),
    lon: coords.longitude,
    lat: coords.latitude,
    speedKmh: coords.speed === null || Number.isNaN(coords.speed) ? null : Math.min(400, coords.speed * 3.6),
    headingDegrees: coords.heading === null || Number.isNaN(coords.heading) ? null : coords.heading,
    accuracyMeters: Math.min(100_000, coords.accuracy),
  };
}

let own: { vehicleId: string; plate: string; kind: string } | null = null;

/** Puts the measured place on the map, which forgets all places when the feed ends. */
export function showOwnPlace(): void {
  const { fix } = useGps.getState();
  if (own && fix) {
    positions.take({ ...own, ...fix });
  }
}

/** Measures and sends until the returned function is called. */
export function startGps(unitId: string, vehicle: { vehicleId: string; plate: string; kind: string }): () => void {
  let waiting: AvlFix[] = [];
  let lastKept: AvlFix | null = null;
  let isSending = false;

  const take = (position: GeolocationPosition) => {
    const measured = toFix(position);
    const fix = { ...measured, speedKmh: speedBetween(useGps.getState().fix, measured) };
    useGps.setState({ measuring: 'on', fix });
    showOwnPlace();
    if (isWorthSending(lastKept, fix)) {
      waiting = keep(waiting, fix);
      lastKept = fix;
    }
  };

  const send = async () => {
    const { sending } = useGps.getState();
    const batch = waiting.slice(0, mostInOne);
    if (isSending || batch.length === 0 || sending === 'taken' || sending === 'refused') {
      return;
    }
    isSending = true;
    try {
      await server.sendFixes(await deviceOf(unitId), batch);
      waiting = waiting.filter((fix) => !batch.includes(fix));
      useGps.setState({ sending: 'sent' });
    } catch (thrown) {
      const problem = thrown instanceof Problem ? thrown : null;
      if (problem?.code === 'device.wrong_credential') {
        forgetDevice(unitId);
        useGps.setState({ sending: 'taken' });
      } else if (problem?.code.startsWith('fix.')) {
        // None of them is of use to the server, and would not be later.
        waiting = waiting.filter((fix) => !batch.includes(fix));
      } else if (problem && [403, 404, 409].includes(problem.status)) {
        useGps.setState({ sending: 'refused' });
      } else {
        useGps.setState({ sending: 'failing' });
      }
    } finally {
      isSending = false;
    }
  };

  useGps.setState(nothing);
  own = vehicle;
  if (!window.isSecureContext || !('geolocation' in navigator)) {
    useGps.setState({ measuring: 'insecure' });
    return () => {};
  }
  const watch = navigator.geolocation.watchPosition(
    take,
    ({ code, PERMISSION_DENIED }) => useGps.setState({ measuring: code === PERMISSION_DENIED ? 'denied' : 'off' }),
    { enableHighAccuracy: true, maximumAge: 1000, timeout: 30_000 },
  );
  // Many devices say nothing while they stand still: then they are asked.
  const ask = () => {
    const { measuring, fix } = useGps.getState();
    if (measuring === 'on' && fix && serverNow() - Date.parse(fix.time) > quietMilliseconds * useClock.getState().clock.speed) {
      navigator.geolocation.getCurrentPosition(take, () => {}, { enableHighAccuracy: true, maximumAge: 0, timeout: 10_000 });
    }
  };
  const timer = window.setInterval(() => {
    ask();
    void send();
  }, betweenMilliseconds);
  return () => {
    navigator.geolocation.clearWatch(watch);
    window.clearInterval(timer);
    useGps.setState(nothing);
  };
}

/** This screen sends again, and the other one stops. */
export const takeOver = (): void => useGps.setState({ sending: 'idle' });
