import type { AssignmentView, IncidentDetail } from '../api/contract';
import type { Patient, SentPrealert, Vitals } from './api';
import { numberIn } from './report';

// What a hospital is told of a patient, as it is typed: begun with what the caller was asked, or with what was told before.

/** What came of the questions on the telephone. */
export interface TriageResult {
  protocols: readonly { determinant: { code: string; zh: string; en: string; hospital: string | null } | null }[];
}

export type VitalField = keyof Vitals;

export const vitalFields: readonly VitalField[] = [
  'heartRate',
  'systolicMmHg',
  'diastolicMmHg',
  'spo2Percent',
  'respiratoryRate',
  'gcs',
  'temperatureCelsius',
];

export interface SummaryDraft {
  age: string;
  sex: '' | 'male' | 'female';
  complaint: string;
  determinant: string;
  vitals: Readonly<Record<VitalField, string>>;
  text: string;
}

/** What a hospital has to be able to do for what the answers came to. */
export const neededFor = (triage: TriageResult | undefined): string[] => [
  ...new Set((triage?.protocols ?? []).flatMap(({ determinant }) => determinant?.hospital ?? [])),
];

/** The unit that acts are for: the one that is selected, else the first that is bound. */
export function inHand(assignments: readonly AssignmentView[], unitId: string | null): AssignmentView | null {
  const active = assignments.filter((assignment) => assignment.active);
  return active.find((assignment) => assignment.unitId === unitId) ?? active[0] ?? null;
}

/** What was told last; of a patient whom nobody was told of yet, what the caller said. */
export function summaryOf(
  incident: Pick<IncidentDetail, 'complaint' | 'timeline'>,
  triage: TriageResult | undefined,
  last: SentPrealert | undefined,
): SummaryDraft {
  const opened = incident.timeline.find((entry) => entry.type === 'incidentOpened');
  const asked = opened?.type === 'incidentOpened' ? opened.data.facts : null;
  const reached = triage?.protocols.flatMap(({ determinant }) => determinant ?? []).at(0);
  const told = last?.patient;
  return {
    age: String((told ? told.ageYears : asked?.ageYears) ?? ''),
    sex: (told ? told.sex : asked?.sex) ?? '',
    complaint: told?.complaint ?? incident.complaint.slice(0, 200),
    // What a hospital reads is in the city's own language, whatever that of the desk.
    determinant: (told ? told.determinant : reached && `${reached.code} ${reached.zh}`) ?? '',
    vitals: Object.fromEntries(
      vitalFields.map((field) => [field, String(told?.vitals?.[field] ?? '')]),
    ) as SummaryDraft['vitals'],
    text: told?.text ?? '',
  };
}

/** As it is sent: an empty field is not known, and what is no number the server refuses by name. */
export function patientOf({ age, sex, complaint, determinant, vitals, text }: SummaryDraft): Patient {
  const measured = Object.fromEntries(
    vitalFields.map((field) => [field, numberIn(vitals[field], field === 'temperatureCelsius')]),
  ) as unknown as Vitals;
  return {
    ageYears: numberIn(age),
    sex: sex || null,
    complaint: complaint.trim(),
    determinant: determinant.trim() || null,
    vitals: Object.values(measured).every((value) => value === null) ? null : measured,
    text: text.trim() || null,
  };
}
