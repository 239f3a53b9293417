import type { Destination, IncidentDetail, LonLat } from '../api/contract';
import type { DeskState } from '../shell/desk';

const onTheWay = ['notified', 'acknowledged', 'enRoute', 'leftScene'];

/** Whose way is looked at, and where it leads to. */
export interface WantedWay {
  unitId: string;
  target: LonLat;
}

/**
 * That of the suggestion that is looked at to the place of the case, else of the selected unit (or the only one on its
 * way) to where it is going. Null where there is none, or the place is not known.
 */
export function wantedWay(
  { formOpen, draftPlace, unitId, previewUnitId }: Pick<DeskState, 'formOpen' | 'draftPlace' | 'unitId' | 'previewUnitId'>,
  incident: Pick<IncidentDetail, 'place' | 'assignments'> | undefined,
  destinations: readonly Pick<Destination, 'id' | 'lon' | 'lat'>[] | undefined,
): WantedWay | null {
  const scene: LonLat | null = formOpen ? draftPlace : incident ? [incident.place.lon, incident.place.lat] : null;
  if (previewUnitId !== null) {
    return scene && { unitId: previewUnitId, target: scene };
  }
  const moving = formOpen
    ? []
    : (incident?.assignments.filter(({ active, status }) => active && onTheWay.includes(status)) ?? []);
  const assigned = moving.find((assignment) => assignment.unitId === unitId) ?? (moving.length === 1 ? moving[0] : undefined);
  if (!assigned) {
    return null;
  }
  // With the patient on board the way leads to the hospital.
  const hospital = destinations?.find(({ id }) => id === assigned.destinationId);
  const target: LonLat | null = assigned.status !== 'leftScene' ? scene : hospital ? [hospital.lon, hospital.lat] : null;
  return target && { unitId: assigned.unitId, target };
}
