import type { AssignmentView, IncidentDetail, Milestone } from '../api/contract';
import type { UnitView } from '../units/api';

// What a crew's own page says and takes.

/** What a crew has to do now. */
export interface CrewTask {
  unit: UnitView;
  incident: IncidentDetail | null;
  assignment: AssignmentView | null;
}

/** The crew's own screen as a device of its vehicle. */
export interface CrewDevice {
  deviceId: string;
  vehicleId: string;
  credential: string;
}

export interface AvlFix {
  time: string;
  lon: number;
  lat: number;
  speedKmh: number | null;
  headingDegrees: number | null;
  accuracyMeters: number | null;
}

export interface MilestoneCommand {
  commandId: string;
  milestone: Milestone;
  at: string | null;
  destinationId: string | null;
}
