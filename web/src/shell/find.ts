import type { IncidentSummary } from '../api/contract';
import type { UnitView } from '../units/api';

/** One width, one case, no blanks: `ａ１２` finds A12. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s/g, '');

/** Incidents by number, complaint or address; those whose number begins so come first. */
export function findIncidents<Incident extends Pick<IncidentSummary, 'number' | 'complaint' | 'place'>>(
  incidents: readonly Incident[],
  text: string,
): Incident[] {
  const wanted = fold(text);
  if (wanted === '') {
    return [];
  }
  const begins = (incident: Incident) => Number(!fold(incident.number).startsWith(wanted));
  return incidents
    .filter(({ number, complaint, place }) => [number, complaint, place.address].some((part) => fold(part).includes(wanted)))
    .sort((one, other) => begins(one) - begins(other));
}

/** Units by call sign or the end of the plate. */
export function findUnits<Unit extends Pick<UnitView, 'callSign' | 'plate'>>(units: readonly Unit[], text: string): Unit[] {
  const wanted = fold(text);
  return wanted === ''
    ? []
    : units.filter(({ callSign, plate }) => fold(callSign).includes(wanted) || fold(plate).endsWith(wanted));
}
