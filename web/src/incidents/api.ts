import type { AgencyStatus, Bilingual, IncidentDetail } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';
import type { Correction } from './corrections';

// What an incident has besides its units, as `/api/incidents/{id}/…` says and takes it.

/** What the run card and the triage want, which units fill it, and what is missing. Without either nothing is known to be needed. */
export interface Needs {
  card: { id: string; name: string } | null;
  needs: {
    capability: string;
    name: string;
    nameEn: string;
    /** By which it is required, such as a determinant; null for the run card. */
    source: string | null;
    wanted: number;
    filledBy: { callSign: string }[];
    missing: number;
  }[];
  missing: Bilingual | null;
}

interface Named {
  code: string;
  name: string;
  nameEn: string;
}

/** Codes that the log speaks in, with their names. */
export interface Reference {
  agencies: (Named & { phone: string | null })[];
  types: (Named & { active: boolean })[];
}

export const mostAttachmentBytes = 10 * 1024 * 1024;
export const attachmentTypes = ['image/png', 'image/jpeg', 'application/pdf'] as const;

const tell = (id: string, path: string, body: object) =>
  request<IncidentDetail>('POST', `/api/incidents/${id}/${path}`, { body: { commandId: newId(), ...body } });

export const incidentApi = {
  reference: (signal?: AbortSignal) => request<Reference>('GET', '/api/dispatch/reference', { signal }),
  needs: (id: string, signal?: AbortSignal) => request<Needs>('GET', `/api/incidents/${id}/needs`, { signal }),
  reopen: (id: string, reason: string) => tell(id, 'reopen', { reason }),
  addAgency: (id: string, agency: string) => tell(id, 'agencies', { agency }),
  agencySays: (id: string, agency: string, status: AgencyStatus, words: string | null) =>
    tell(id, `agencies/${agency}/status`, { status, words }),
  addTodo: (id: string, text: string, forWhom: string | null) => tell(id, 'todos', { text, for: forWhom }),
  doTodo: (id: string, todoId: string) => tell(id, `todos/${todoId}/done`, {}),
  link: (id: string, otherId: string, reason: string) => tell(id, 'links', { otherId, reason }),
  unlink: (id: string, otherId: string, reason: string) => tell(id, `links/${otherId}/remove`, { reason }),
  correct: (id: string, correction: Correction, why: string) => tell(id, 'corrections', { ...correction, why }),
  /** The file is the body of the request; what it is, its content says. */
  attach: (id: string, file: File) =>
    request<IncidentDetail>(
      'POST',
      `/api/incidents/${id}/attachments?${new URLSearchParams({ commandId: newId(), name: file.name.slice(-200) })}`,
      { body: file, timeoutMilliseconds: 120_000 },
    ),
  attachmentPath: (id: string, attachmentId: string) => `/api/incidents/${id}/attachments/${attachmentId}`,
  decideProposal: (proposalId: string, what: 'confirm' | 'dismiss') =>
    request<IncidentDetail>('POST', `/api/proposals/${proposalId}/${what}`, { body: { commandId: newId() } }),
  relieve: (assignmentId: string, unitId: string, reason: string) =>
    request<IncidentDetail>('POST', `/api/assignments/${assignmentId}/relieve`, { body: { commandId: newId(), unitId, reason } }),
};
