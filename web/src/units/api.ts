import type { Agency, AssignmentStatus, Bilingual, Priority } from '../api/contract';

// Units and who should go, as `/api/units` and `/api/recommendations` say it.

export interface UnitView {
  id: string;
  callSign: string;
  kind: string;
  plate: string;
  vehicleId: string;
  stationId: string;
  stationName: string;
  stationLon: number;
  stationLat: number;
  synthetic: boolean;
  crew: { role: string; name: string }[];
  status: 'available' | 'assigned' | 'outOfService' | 'offDuty';
  leg: AssignmentStatus | null;
  assignmentId: string | null;
  incidentId: string | null;
  incidentNumber: string | null;
  position: { lon: number; lat: number; time: string } | null;
  agency: string;
  capabilities: string[];
  version: number;
  duty: { onDuty: boolean; from: string | null; until: string | null };
  /** Until null: somebody has to bring it back. */
  out: { since: string; reason: string; words: string | null; until: string | null } | null;
  /** Where it waits instead of at its station. */
  post: { name: string; lon: number; lat: number } | null;
  freedAt: string | null;
  restMinutes: number;
}

/** Who is looked for: the type brings the agencies, the priority who may be diverted. */
export interface Wish {
  lon: number;
  lat: number;
  type: string | null;
  priority: Priority | null;
  incidentId: string | null;
  limit: number;
}

export interface Suggestion {
  /** Among those of its agency. */
  rank: number;
  unitId: string;
  callSign: string;
  agency: Agency;
  stationName: string;
  /** Until it is there, what it still has to do included. */
  seconds: number | null;
  meters: number;
  from: 'fix' | 'station' | 'post';
  fixAgeSeconds: number | null;
  reason: Bilingual;
  /** `soonFree`: it is handing over. `divert`: it is on its way to something less urgent. */
  way: 'available' | 'soonFree' | 'divert';
  incidentNumber: string | null;
  /** What sending it costs; null where that is not known. */
  cover: { lostAddresses: number; targetMinutes: number } | null;
  /** What the incident's triage asks for and it would fill; null where nobody asked, or others go first. */
  fills: Bilingual | null;
}

export interface LeftOut {
  unitId: string;
  callSign: string;
  why: string;
  incidentNumber: string | null;
  reason: Bilingual;
}

export interface Recommendations {
  /** Named when a unit is sent: the log then keeps what was recommended. */
  id: string;
  basis: 'road' | 'airline';
  computedAt: string;
  units: Suggestion[];
  leftOut: LeftOut[];
  /** What is to be known of the list as a whole. */
  remarks: Bilingual[];
}
