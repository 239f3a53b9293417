import type { Prealert, PrealertState, Vitals } from './api';

/** Whether somebody here still waits for this patient. */
export const isAwaited = ({ state }: Pick<Prealert, 'state'>): boolean => state === 'coming' || state === 'arrived';

/** Nobody comes any more: said in place of the patient. */
export const isOff = (state: PrealertState): boolean =>
  state === 'redirected' || state === 'notTransported' || state === 'cancelled';

/** What one key receives: of those that nobody here has read, the one that was announced first. */
export const firstUnread = (prealerts: readonly Prealert[]): Prealert | null =>
  prealerts
    .filter((one) => isAwaited(one) && one.receivedAt === null)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))[0] ?? null;

/** When the unit is there, server time (ms); null where that is not known. */
export const arrivalOf = ({ etaSeconds }: { etaSeconds: number | null }, readAt: string): number | null =>
  etaSeconds === null ? null : Date.parse(readAt) + etaSeconds * 1000;

export type VitalName = 'heartRate' | 'pressure' | 'spo2' | 'breaths' | 'gcs' | 'temperature';

/** What was measured, in the order in which it is said; with its unit. */
export function vitalsOf(vitals: Vitals | null): { name: VitalName; value: string }[] {
  if (vitals === null) {
    return [];
  }
  const { heartRate, systolicMmHg, diastolicMmHg, spo2Percent, respiratoryRate, gcs, temperatureCelsius } = vitals;
  const pressure = systolicMmHg === null && diastolicMmHg === null ? null : `${systolicMmHg ?? '–'}/${diastolicMmHg ?? '–'} mmHg`;
  const said: [VitalName, string | null][] = [
    ['heartRate', heartRate === null ? null : `${heartRate} /min`],
    ['pressure', pressure],
    ['spo2', spo2Percent === null ? null : `${spo2Percent} %`],
    ['breaths', respiratoryRate === null ? null : `${respiratoryRate} /min`],
    ['gcs', gcs === null ? null : String(gcs)],
    ['temperature', temperatureCelsius === null ? null : `${temperatureCelsius.toFixed(1)} °C`],
  ];
  return said.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}
