import type {
  AgencyStatus,
  Disposition,
  IncidentFacts,
  IncidentPlace,
  IncidentRef,
  Milestone,
  Priority,
  Requirement,
} from '../api/contract';

// The lines of an incident, each with what it says.

interface AssignmentFact {
  assignmentId: string;
  unitId: string;
  callSign: string;
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
  capabilitiesRequired: { requirement: Requirement };
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
