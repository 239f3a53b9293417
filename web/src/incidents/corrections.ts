import type { IncidentPlace } from '../api/contract';
import { formatDate, formatTime } from '../shell/formats';
import type { TimelineEntry } from './lines';

// Which lines of the log can be corrected, and by what. The line stays; the better one is a line of its own.

/** As the server takes it: one member, with the version of the line that it is for. */
export type Correction =
  | { note: { version: number; text: string } }
  | { milestone: { version: number; at: string } }
  | { place: Omit<IncidentPlace, 'readBack'>; readBack: boolean }
  | { type: string }
  | { complaint: string };

export type Correctable = 'note' | 'milestone' | 'facts';

/** Of a note or a milestone the line that counts now; of place, type and complaint the one that opened the incident. */
export function correctable({ type, correctedBy }: Pick<TimelineEntry, 'type' | 'correctedBy'>): Correctable | null {
  if (type === 'incidentOpened') {
    return 'facts';
  }
  if (correctedBy !== null) {
    return null;
  }
  if (type === 'noteAdded' || type === 'noteCorrected') {
    return 'note';
  }
  return type === 'milestoneRecorded' || type === 'milestoneCorrected' ? 'milestone' : null;
}

/** When a line says that something happened: that of a milestone is what was corrected last. */
export const timeOf = (entry: TimelineEntry): string =>
  entry.type === 'milestoneCorrected' ? entry.data.milestoneAt : entry.type === 'milestoneRecorded' ? entry.data.at : entry.at;

const dayMs = 86_400_000;

/**
 * A time of day (`02:11`, `2:11:05`, also in full width) as the moment of it that lies nearest to another one; null for
 * anything else. Seconds that were not said are none.
 */
export function parseTimeNear(text: string, near: string): string | null {
  const said = /^(\d{1,2}):?(\d{2})(?::?(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  if (!said) {
    return null;
  }
  const [hours, minutes, seconds] = [said[1], said[2], said[3]].map((part) => Number(part ?? 0)) as [number, number, number];
  if (hours > 23 || minutes > 59 || seconds > 59) {
    return null;
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const nearMs = Date.parse(near);
  const sameDay = Date.parse(`${formatDate(nearMs)}T${two(hours)}:${two(minutes)}:${two(seconds)}+08:00`);
  const nearest = [sameDay - dayMs, sameDay, sameDay + dayMs].sort(
    (one, other) => Math.abs(one - nearMs) - Math.abs(other - nearMs),
  )[0];
  return new Date(nearest ?? sameDay).toISOString();
}

/** What stands in the field at first. */
export const timeInField = (entry: TimelineEntry): string => formatTime(timeOf(entry));
