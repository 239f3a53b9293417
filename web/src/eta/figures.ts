import { formatDate } from '../shell/formats';
import type { Figures, WorstTrip } from './api';

/** `12.3 %`; `–` where nothing is known. */
export const formatShare = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** `+3.1 %`, `−3.1 %`: a sign says which way, also where it is little. */
export function formatBias(share: number | null): string {
  if (share === null) {
    return '–';
  }
  const percent = Math.abs(share * 100).toFixed(1);
  return `${percent === '0.0' ? '±' : share < 0 ? '−' : '+'}${percent} %`;
}

/** How long the bars of a row are, in percent of the longest of all rows: ours and that of the classes. */
export function barsOf(rows: readonly Figures[]): { ours: number; ofClass: number }[] {
  const longest = Math.max(...rows.flatMap(({ medianError, classError }) => [medianError ?? 0, classError ?? 0]), 0);
  const part = (value: number | null) => (longest > 0 ? Math.round(((value ?? 0) / longest) * 100) : 0);
  return rows.map(({ medianError, classError }) => ({ ours: part(medianError), ofClass: part(classError) }));
}

/** Rows that are read in the order of the clock or the measuring tape. */
export const inOrder = (rows: readonly Figures[]): Figures[] => [...rows].sort((a, b) => Number(a.key) - Number(b.key));

/** Where the fleet page shows the vehicle on the day of the trip. */
export const tripPath = ({ vehicleId, start }: Pick<WorstTrip, 'vehicleId' | 'start'>): string =>
  `/fleet?${new URLSearchParams({ vehicle: vehicleId, day: formatDate(Date.parse(start)) })}`;

/** What the fleet page was asked to show by {@link tripPath}. */
export function askedTrip(search: string): { vehicleId: string; day: string } | null {
  const asked = new URLSearchParams(search);
  const [vehicleId, day] = [asked.get('vehicle'), asked.get('day')];
  return vehicleId && /^\d{4}-\d{2}-\d{2}$/.test(day ?? '') ? { vehicleId, day: day ?? '' } : null;
}
