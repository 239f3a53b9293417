import type { Bilingual } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// Calls and seats as `/api/calls`, `/api/seat` and `/api/numbers` say and take them. Degrees, metres; times are ISO 8601.

export type CallStatus = 'ringing' | 'answered' | 'parked' | 'callBack' | 'ended';
export const results = ['noEmergency', 'nuisance', 'silent', 'dropped', 'unreachable'] as const;
export type Result = (typeof results)[number];

/** Where the caller was last: by the telephone itself, or by the page behind the link. */
export interface CallerPlace {
  lon: number;
  lat: number;
  uncertaintyMeters: number | null;
  by: 'aml' | 'link';
  at: string;
}

export interface Call {
  id: string;
  version: number;
  status: CallStatus;
  source: string;
  /** Masked; null where it was withheld. */
  number: string | null;
  seat: string | null;
  /** When it came to stand where it stands. */
  since: string;
  receivedAt: string;
  lineOpen: boolean;
  result: Result | 'incident' | 'merged' | null;
  incidentId: string | null;
  incidentNumber: string | null;
  /** `dropped`, `unreached` or somebody's words. */
  callBackReason: string | null;
  attempts: number;
  earlierCalls: number;
  nuisanceReason: string | null;
  place: CallerPlace | null;
}

export interface CallList {
  now: string;
  /** Where who asks sits. */
  seat: string | null;
  calls: Call[];
}

export interface EarlierCall {
  id: string;
  receivedAt: string;
  result: Call['result'];
  incidentId: string | null;
  incidentNumber: string | null;
}

export type CallEntry = { version: number; at: string } & (
  | { type: 'callerWrote'; data: { text: string } }
  | { type: 'callerSentPhoto'; data: { photoId: string } }
  | { type: 'other'; data: unknown }
);

export interface CallDetail {
  call: Call;
  /** For the seat that holds it alone. */
  wholeNumber: string | null;
  /** Newest first. */
  history: EarlierCall[];
  mark: { reason: string; markedBy: string; until: string } | null;
  draft: { content: unknown; seat: string; savedAt: string } | null;
  timeline: CallEntry[];
}

export interface Seat {
  seat: string;
  by: string;
  since: string;
  mine: boolean;
  /** Leads the shift. */
  supervisor: boolean;
}

export interface Link {
  /** Shown this once. */
  url: string | null;
  expiresAt: string;
  sent: boolean;
  note: Bilingual;
}

/** An incident that the form may tell of. */
export interface Offer {
  incidentId: string;
  number: string;
  status: string;
  address: string;
  complaint: string;
  /** 0 to 1. */
  score: number;
  meters: number;
  minutes: number;
  reason: Bilingual;
}

export interface Told {
  lon: number;
  lat: number;
  foundBy: string | null;
  uncertaintyMeters: number | null;
  type: string;
  complaint: string;
  receivedAt: string;
}

const command = (id: string, name: string, more: object = {}, timeoutMilliseconds = 15_000) =>
  request<Call>('POST', `/api/calls/${id}/${name}`, { body: { commandId: newId(), ...more }, timeoutMilliseconds });

/** The caller is on the line: a server that says nothing for so long is away, and the form opens without it. */
const takeMilliseconds = 5000;

export const callsApi = {
  list: (signal?: AbortSignal) => request<CallList>('GET', '/api/calls', { signal }),
  read: (id: string, signal?: AbortSignal) => request<CallDetail>('GET', `/api/calls/${id}`, { signal }),
  /** A call without an exchange: at the door, by radio, or typed while the telephone could not tell. */
  enter: (number: string | null) =>
    request<Call>('POST', '/api/calls', { body: { commandId: newId(), source: number ? 'telephone' : 'other', number } }),
  take: (id: string) => command(id, 'take', {}, takeMilliseconds),
  park: (id: string) => command(id, 'park'),
  transfer: (id: string, seat: string) => command(id, 'transfer', { seat }),
  wantCallBack: (id: string, reason: string) => command(id, 'call-back', { reason }),
  calledBack: (id: string, reached: boolean) => command(id, 'called-back', { reached }),
  /** Without a result where it has joined an incident. */
  end: (id: string, result: Result | null, note: string) => command(id, 'end', { result, note: note.trim() || null }),
  merge: (id: string, incidentId: string) => command(id, 'merge', { incidentId }),
  split: (id: string) => command(id, 'split'),
  sendLink: (id: string) => request<Link>('POST', `/api/calls/${id}/link`, { body: { commandId: newId() } }),
  keepDraft: (id: string, content: object) => request<null>('PUT', `/api/calls/${id}/draft`, { body: { content } }),
  duplicates: (told: Told, signal?: AbortSignal) =>
    request<{ offers: Offer[] }>('POST', '/api/incidents/duplicates', { body: told, signal }),
  mark: (callId: string, reason: string, days: number) =>
    request<unknown>('POST', '/api/numbers/nuisance', { body: { callId, reason, days } }),
  lift: (callId: string) => request<unknown>('POST', '/api/numbers/nuisance/lift', { body: { callId } }),
  seats: () => request<{ seats: Seat[] }>('GET', '/api/seats'),
  sit: (seat: string, supervisor: boolean) => request<{ seats: Seat[] }>('PUT', '/api/seat', { body: { seat, supervisor } }),
};

export const photoPath = (callId: string, photoId: string): string => `/api/calls/${callId}/photos/${photoId}`;
