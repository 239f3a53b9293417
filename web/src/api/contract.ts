// What the server says and takes. Longitude first, degrees; times are ISO 8601; seconds and metres in the names.

export type LonLat = [lon: number, lat: number];

export interface SessionView {
  userName: string | null;
  displayName: string | null;
  roles: string[];
  department: string | null;
  unitId: string | null;
  hospitalId: string | null;
  csrfToken: string | null;
}

export interface ClockView {
  now: string;
  speed: number;
  exercise: boolean;
}

export interface CityView {
  name: string;
  nameEn: string;
  synthetic: boolean;
  bbox: [west: number, south: number, east: number, north: number];
  center: LonLat;
  zoom: number;
  attribution: string;
}

/** `layer`: a feature of a department's layer, whose title is the detail. */
export type PlaceKind = 'address' | 'crossing' | 'km' | 'street' | 'place' | 'poi' | 'layer';

/** A remark on how a place was found, or how sure it is. */
export interface PlaceNote {
  code: string;
  zh: string;
  en: string;
}

export interface FoundPlace {
  id: string;
  kind: PlaceKind;
  name: string;
  detail: string;
  district: string;
  lon: number;
  lat: number;
  synthetic: boolean;
  certainty: 'exact' | 'interpolated' | 'near' | 'street';
  why: PlaceNote | null;
  /** What the certainty rests on. */
  note: PlaceNote | null;
  /** Parts of the name that were meant: first character and length. */
  highlights: [number, number][];
  /** From the middle of the map. */
  meters: number | null;
}

/** A point in the words of the radio. */
export interface NamedPlace {
  name: string;
  district: { name: string; nameEn: string } | null;
  town: { name: string } | null;
}

/** How the place of an incident was found: by a name that was chosen, by a click on the map, or by the caller's words for such a point. */
export type FoundBy = PlaceKind | 'map' | 'caller';

export interface Route {
  seconds: number;
  meters: number;
  geometry: LonLat[];
  /** What a driver does, one thing after the other; the seconds and metres are of all together. */
  steps: RouteStep[];
}

export interface RouteStep extends Bilingual {
  seconds: number;
  meters: number;
}

export interface VehiclePosition {
  vehicleId: string;
  plate: string;
  kind: string;
  lon: number;
  lat: number;
  speedKmh: number | null;
  headingDegrees: number | null;
  time: string;
}

export type Priority = 1 | 2 | 3 | 4;
export type IncidentStatus = 'waiting' | 'running' | 'closed';
export type AssignmentStatus =
  | 'notified'
  | 'acknowledged'
  | 'enRoute'
  | 'onScene'
  | 'atPatient'
  | 'leftScene'
  | 'atDestination'
  | 'handedOver'
  | 'available'
  | 'backAtStation'
  | 'cancelled';
export type Milestone = Exclude<AssignmentStatus, 'notified' | 'cancelled'>;
export type Disposition =
  | 'transported'
  | 'treatedOnScene'
  | 'refused'
  | 'noPatient'
  | 'cancelledByCaller'
  | 'other'
  | 'duplicate';

export interface IncidentPlace {
  lon: number;
  lat: number;
  address: string;
  detail: string | null;
  readBack: boolean;
  foundBy: FoundBy | null;
  /** The caller's own words, where the address says it otherwise. */
  callerWords: string | null;
}

export interface AssignmentView {
  id: string;
  unitId: string;
  callSign: string;
  status: AssignmentStatus;
  active: boolean;
  expectedSeconds: number | null;
  destinationId: string | null;
  destinationName: string | null;
  since: string;
  /** What it reached; the version is that of the line by which it is corrected. */
  milestones: { version: number; milestone: Milestone; at: string }[];
  proposal: MilestoneProposal | null;
  /** How far its orders have come, oldest first. */
  deliveries: OrderDelivery[];
}

/** A milestone that the unit's position speaks for. A person confirms it. */
export interface MilestoneProposal {
  id: string;
  milestone: Milestone;
  at: string;
}

/** What the desk of another agency says that it does. */
export interface AgencyView {
  agency: string;
  status: AgencyStatus;
  words: string | null;
  since: string;
}

export type OrderKind = 'order' | 'recalled' | 'emptyRun' | 'diverted' | 'relieved' | 'placeCorrected';

/** An order on one way to its unit: to the vehicle's own terminal, or to the screen of its station. */
export interface OrderDelivery {
  channel: 'terminal' | 'station';
  kind: OrderKind;
  createdAt: string;
  sentAt: string | null;
  receiptAt: string | null;
  /** Who at the station has read it. */
  receiptBy: string | null;
  failed: 'noTerminal' | 'failed' | 'expired' | null;
}

export interface IncidentSummary {
  id: string;
  number: string;
  version: number;
  status: IncidentStatus;
  type: string;
  priority: Priority;
  complaint: string;
  place: IncidentPlace;
  receivedAt: string;
  openedAt: string;
  closedAt: string | null;
  disposition: Disposition | null;
  assignments: AssignmentView[];
  agencies: AgencyView[];
}

interface AssignmentFact {
  assignmentId: string;
  unitId: string;
  callSign: string;
}

export interface IncidentRef {
  id: string;
  number: string;
}

interface UnitRef {
  id: string;
  callSign: string;
}

/** `corrects`: the version of the line that was wrong. */
interface Correction {
  corrects: number;
  why: string;
}

export type AgencyStatus = 'notified' | 'accepted' | 'enRoute' | 'onScene' | 'done' | 'refused';

interface TimelineData {
  incidentOpened: {
    number: string;
    priority: Priority;
    complaint: string;
    place: IncidentPlace;
    receivedAt: string;
    facts?: IncidentFacts | null;
  };
  unitAssigned: AssignmentFact & { expectedSeconds: number | null; divertedFrom: IncidentRef | null; relieves: UnitRef | null };
  milestoneRecorded: AssignmentFact & { milestone: Milestone; at: string; destinationName: string | null };
  assignmentCancelled: AssignmentFact & {
    kind: 'recalled' | 'emptyRun' | 'diverted' | 'relieved';
    reason: string;
    divertedTo: IncidentRef | null;
    relievedBy: UnitRef | null;
  };
  noteAdded: { text: string };
  priorityChanged: { from: Priority; to: Priority };
  addressReadBack: Record<string, never>;
  incidentClosed: { disposition: Disposition; note: string | null };
  incidentReopened: { reason: string };
  callJoined: { number: string | null };
  callLeft: Record<string, never>;
  agencyInvolved: { agency: string };
  agencyStatusChanged: { agency: string; status: AgencyStatus; words: string | null };
  todoAdded: { text: string; for: string | null };
  todoDone: { text: string };
  incidentLinked: { other: IncidentRef; why: string };
  incidentUnlinked: { other: IncidentRef; why: string };
  attachmentAdded: { name: string; bytes: number };
  noteCorrected: Correction & { text: string };
  milestoneCorrected: Correction & AssignmentFact & { milestone: Milestone; milestoneAt: string };
  placeCorrected: Correction & { place: IncidentPlace };
  typeCorrected: Correction & { from: string; to: string };
  complaintCorrected: Correction & { complaint: string };
  callerCorrected: Correction & { callbackNumber: string | null; callerName: string | null };
}

export type TimelineType = keyof TimelineData;

export type TimelineEntry = {
  [Type in TimelineType]: {
    version: number;
    type: Type;
    at: string;
    recordedAt: string;
    by: string | null;
    source: 'crew' | 'dispatcher' | 'position' | 'telephone' | 'agency' | 'system' | null;
    correctedBy: number[] | null;
    data: TimelineData[Type];
  };
}[TimelineType];

export interface IncidentDetail extends IncidentSummary {
  callbackNumber: string | null;
  callerName: string | null;
  openedBy: string;
  todos: { id: string; text: string; for: string | null; done: boolean }[];
  links: IncidentRef[];
  attachments: { id: string; name: string; mediaType: string; bytes: number }[];
  timeline: TimelineEntry[];
  calls: JoinedCall[];
}

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

export interface Board {
  now: string;
  incidents: IncidentSummary[];
  units: UnitView[];
  /** Units that are somewhere else than they say, or do not move. */
  contradictions: { assignmentId: string; unitId: string; contradiction: { code: string; reason: Bilingual } }[];
}

export interface Bilingual {
  zh: string;
  en: string;
}

/** Codes of the services that the city sends. */
export type Agency = 'ems' | 'fire' | 'police' | 'traffic' | 'power' | 'water' | 'gas' | 'heat' | 'emergency';

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
}

export interface Destination {
  id: string;
  name: string;
  kind: string;
  lon: number;
  lat: number;
}

export interface Hospital {
  id: string;
  name: string;
  nameEn: string | null;
  lon: number;
  lat: number;
  capabilities: string[];
  synthetic: boolean;
}

export interface NewIncident {
  commandId: string;
  type: string;
  priority: Priority;
  complaint: string;
  callbackNumber: string | null;
  callerName: string | null;
  place: Omit<IncidentPlace, 'readBack'>;
  readBack: boolean;
  receivedAt: string;
  callId: string | null;
  facts: IncidentFacts | null;
}

/** What else the caller was asked; null where nobody knows. */
export interface IncidentFacts {
  conscious: boolean | null;
  breathing: boolean | null;
  ageYears: number | null;
  sex: 'male' | 'female' | null;
  persons: number | null;
  remarks: string | null;
}

/** A call that an incident was opened from, or that was merged into it. */
export interface JoinedCall {
  id: string;
  /** Masked; null where it was withheld. */
  number: string | null;
  result: string;
  receivedAt: string;
}

export interface IncidentType {
  code: string;
  name: string;
  nameEn: string;
  /** Code of the agency whose it is. */
  lead: Agency;
  priority: Priority;
  /** What callers say when they mean it. */
  words: string[];
  active: boolean;
}

/** Told by `/hubs/incidents`. All null: read everything again. */
export interface Changed {
  incidentId: string | null;
  version: number | null;
  unitIds: string[] | null;
}

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
