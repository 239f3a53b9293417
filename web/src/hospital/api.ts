import type { Priority } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// What the page of a hospital reads and says.

export interface Diversion {
  /** Null: of all patients. */
  capability: string | null;
  reason: string;
  until: string;
}

export interface Report {
  at: string;
  by: string;
  /** Older than 30 minutes. */
  isOld: boolean;
  beds: number | null;
  freeBeds: number | null;
  openCapabilities: string[];
  diversions: Diversion[];
}

export interface HospitalNow {
  id: string;
  name: string;
  nameEn: string | null;
  capabilities: string[];
  report: Report | null;
}

export interface InboundUnit {
  assignmentId: string;
  callSign: string;
  priority: Priority;
  status: 'leftScene' | 'atDestination';
  since: string;
  etaSeconds: number | null;
  positionAgeSeconds: number | null;
}

export interface Vitals {
  heartRate: number | null;
  systolicMmHg: number | null;
  diastolicMmHg: number | null;
  spo2Percent: number | null;
  respiratoryRate: number | null;
  gcs: number | null;
  temperatureCelsius: number | null;
}

export interface Patient {
  ageYears: number | null;
  sex: 'male' | 'female' | null;
  complaint: string;
  determinant: string | null;
  vitals: Vitals | null;
  text: string | null;
}

export type PrealertState = 'coming' | 'arrived' | 'handedOver' | 'redirected' | 'notTransported' | 'cancelled';

export interface Prealert {
  id: string;
  assignmentId: string;
  callSign: string;
  priority: Priority;
  state: PrealertState;
  since: string;
  /** False while it is at the scene. */
  isOnItsWay: boolean;
  etaSeconds: number | null;
  positionAgeSeconds: number | null;
  at: string;
  by: string;
  versions: number;
  /** Null where the patient does not come. */
  patient: Patient | null;
  receivedAt: string | null;
  receivedBy: string | null;
}

export interface ReportBody {
  beds: number | null;
  freeBeds: number | null;
  openCapabilities: readonly string[];
  diversions: readonly Diversion[];
}

export const hospitalApi = {
  find: async (id: string, signal?: AbortSignal) =>
    (await request<{ hospitals: HospitalNow[] }>('GET', '/api/hospitals', { signal })).hospitals.find((one) => one.id === id) ??
    null,
  inbound: (id: string, signal?: AbortSignal) =>
    request<{ now: string; units: InboundUnit[] }>('GET', `/api/hospitals/${id}/inbound`, { signal }),
  prealerts: (id: string, signal?: AbortSignal) =>
    request<{ now: string; prealerts: Prealert[] }>('GET', `/api/hospitals/${id}/prealerts`, { signal }),
  receive: (id: string, prealertId: string) =>
    request<null>('POST', `/api/hospitals/${id}/prealerts/${prealertId}/receipt`, { body: {} }),
  report: (id: string, body: ReportBody) =>
    request<null>('POST', `/api/hospitals/${id}/reports`, { body: { commandId: newId(), ...body } }),
};
