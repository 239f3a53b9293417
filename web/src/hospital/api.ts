import type { Bilingual, Priority } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// What hospitals say and are told: to their own page, to the desk, to crews.

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
  inbound: {
    onTheWay: number;
    /** There, and not handed over. */
    handingOver: number;
    /** By road; null where nobody is on the way, or no position is fresh. */
    soonestSeconds: number | null;
  };
}

/** What the patient of a run needs and wants. */
export interface Wish {
  capabilities: readonly string[];
  /** Null: by the incident's priority. */
  level: number | null;
  wishHospitalId: string | null;
}

interface Weighed {
  hospitalId: string;
  name: string;
  nameEn: string;
  reason: Bilingual;
}

export interface RankedHospital extends Weighed {
  rank: number;
  roadSeconds: number;
  isWish: boolean;
}

export interface LeftOutHospital extends Weighed {
  roadSeconds: number | null;
  why: 'lacksCapability' | 'notOpen' | 'diverting' | 'unreachable';
}

export interface HospitalChoice {
  computedAt: string;
  /** From where the road times are. */
  from: 'given' | 'fix' | 'incident';
  level: number;
  basis: 'able' | 'stabilise' | 'lastResort' | 'none';
  /** Why those are offered that cannot treat him; null where they can. */
  note: Bilingual | null;
  hospitals: RankedHospital[];
  leftOut: LeftOutHospital[];
}

/** What a hospital was told of a run. */
export interface SentPrealert {
  id: string;
  hospitalId: string;
  at: string;
  by: string;
  patient: Patient;
  /** Null while nobody there has read it. */
  receipt: { at: string; by: string } | null;
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
  list: async (signal?: AbortSignal) =>
    (await request<{ hospitals: HospitalNow[] }>('GET', '/api/hospitals', { signal })).hospitals,
  find: async (id: string, signal?: AbortSignal) => (await hospitalApi.list(signal)).find((one) => one.id === id) ?? null,
  choose: (assignmentId: string, wish: Wish, signal?: AbortSignal) =>
    request<HospitalChoice>('POST', '/api/hospitals/choice', { body: { assignmentId, ...wish }, signal }),
  sent: async (assignmentId: string, signal?: AbortSignal) =>
    (await request<{ prealerts: SentPrealert[] }>('GET', `/api/assignments/${assignmentId}/prealert`, { signal })).prealerts,
  /** Sent again with the same id after a lost answer, it is the same pre-alert. */
  announce: (assignmentId: string, commandId: string, hospitalId: string, patient: Patient) =>
    request<{ id: string }>('POST', `/api/assignments/${assignmentId}/prealert`, { body: { commandId, hospitalId, patient } }),
  inbound: (id: string, signal?: AbortSignal) =>
    request<{ now: string; units: InboundUnit[] }>('GET', `/api/hospitals/${id}/inbound`, { signal }),
  prealerts: (id: string, signal?: AbortSignal) =>
    request<{ now: string; prealerts: Prealert[] }>('GET', `/api/hospitals/${id}/prealerts`, { signal }),
  receive: (id: string, prealertId: string) =>
    request<null>('POST', `/api/hospitals/${id}/prealerts/${prealertId}/receipt`, { body: {} }),
  report: (id: string, body: ReportBody) =>
    request<null>('POST', `/api/hospitals/${id}/reports`, { body: { commandId: newId(), ...body } }),
};
