import type { TimelineEntry } from '../incidents/lines';
import type { UnitView } from '../units/api';

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

export interface IncidentRef {
  id: string;
  number: string;
}

export type AgencyStatus = 'notified' | 'accepted' | 'enRoute' | 'onScene' | 'done' | 'refused';

export interface IncidentDetail extends IncidentSummary {
  callbackNumber: string | null;
  callerName: string | null;
  openedBy: string;
  todos: { id: string; text: string; for: string | null; done: boolean }[];
  /** What the triage of its calls asks of the response. */
  required: Requirement | null;
  links: IncidentRef[];
  attachments: { id: string; name: string; mediaType: string; bytes: number }[];
  timeline: TimelineEntry[];
  calls: JoinedCall[];
}

/** `source`: codes of determinants, or a word of the caller. `priority`: what it would have the incident be. */
export interface Requirement {
  source: string;
  priority: Priority;
  needs: { capability: string; count: number; also?: string[] }[];
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
