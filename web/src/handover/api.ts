import type { AssignmentStatus, Bilingual, IncidentStatus, Priority } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// Hand-over notes as `/api/handovers` says and takes them.

export interface OpenThings {
  at: string;
  incidents: {
    id: string;
    number: string;
    status: IncidentStatus;
    priority: Priority;
    complaint: string;
    address: string;
    openedAt: string;
    units: { callSign: string; status: AssignmentStatus; since: string }[];
  }[];
  calls: { id: string; status: 'parked' | 'callBack'; number: string | null; since: string }[];
  shelvedAlarms: {
    id: string;
    what: Bilingual;
    callSign: string | null;
    incidentNumber: string | null;
    by: string;
    until: string;
    why: string;
  }[];
  unitsOut: { id: string; callSign: string; why: Bilingual; words: string | null; until: string | null }[];
  closures: { id: string; streets: string[]; kind: 'closed' | 'slow'; until: string | null }[];
  /** Not kept, of each kind past the first 500. */
  more: number;
}

export interface HandoverSummary {
  id: string;
  seat: string;
  text: string;
  by: string;
  at: string;
  accepted: { by: string; seat: string; at: string } | null;
}

export interface HandoverNote extends HandoverSummary {
  open: OpenThings;
}

export const handoverApi = {
  open: (signal?: AbortSignal) => request<OpenThings>('GET', '/api/handovers/open', { signal }),
  list: (signal?: AbortSignal) => request<{ handovers: HandoverSummary[] }>('GET', '/api/handovers?limit=5', { signal }),
  read: (id: string, signal?: AbortSignal) => request<HandoverNote>('GET', `/api/handovers/${id}`, { signal }),
  write: (text: string, seat: string) =>
    request<HandoverNote>('POST', '/api/handovers', { body: { commandId: newId(), text, seat } }),
  accept: (id: string, seat: string) =>
    request<HandoverNote>('POST', `/api/handovers/${id}/accept`, { body: { commandId: newId(), seat } }),
};
