import type { IncidentSummary, Priority } from '../api/contract';
import type { AgeClass } from '../units/age';
import type { UnitState } from '../units/states';

// The name of the symbol for each thing on the map. The atlas draws every name once; nothing is drawn while driving.

export type UnitFrame = 'square' | 'pentagon' | 'hexagon' | 'trapezoid';
export const unitFrames: readonly UnitFrame[] = ['square', 'pentagon', 'hexagon', 'trapezoid'];

const frames: Record<string, UnitFrame> = { ems: 'square', fire: 'pentagon', police: 'hexagon', traffic: 'hexagon' };

/** The frame says whose unit it is: ambulances, fire, police; everybody else repairs and rescues. */
export const frameOf = (agency: string): UnitFrame => frames[agency] ?? 'trapezoid';

export const unitSymbol = (frame: UnitFrame, state: UnitState, age: AgeClass): string => `unit.${frame}.${state}.${age}`;

/** The wedge shows where it drives to; of a parked vehicle the heading is noise. */
export const showsHeading = (place: { speedKmh: number | null; headingDegrees: number | null }, age: AgeClass): boolean =>
  place.headingDegrees !== null && (place.speedKmh ?? 0) > 5 && (age === 'fresh' || age === 'late');

export type IncidentMark = 'waiting' | 'running' | 'onScene' | 'closed';

/** The oldest symbol of an incident says whether anyone is there yet. */
export function incidentMark(incident: Pick<IncidentSummary, 'status' | 'assignments'>): IncidentMark {
  if (incident.status !== 'running') {
    return incident.status;
  }
  const isAttended = incident.assignments.some(
    ({ active, status }) => active && (status === 'onScene' || status === 'atPatient'),
  );
  return isAttended ? 'onScene' : 'running';
}

export const incidentSymbol = (priority: Priority, mark: IncidentMark, readBack: boolean): string =>
  `incident.${priority}.${mark}.${readBack ? 'sure' : 'unsure'}`;

/** Height of the diamond in pixels: the more urgent, the larger. */
export const diamondPixels: Record<Priority, number> = { 1: 36, 2: 32, 3: 28, 4: 24 };
