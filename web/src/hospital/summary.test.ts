import { describe, expect, it } from 'vitest';
import type { AssignmentView, IncidentDetail } from '../api/contract';
import type { SentPrealert } from './api';
import { concerns, diversionsOf, loadOf } from './load';
import { inHand, neededFor, patientOf, summaryOf } from './summary';

const triage = {
  protocols: [
    { determinant: { code: '04-1A', zh: '疑卒中,六小时以内', en: 'Suspected stroke', hospital: 'stroke' } },
    { determinant: null },
    { determinant: { code: '11-2A', zh: '跌倒', en: 'Fall', hospital: 'trauma' } },
    { determinant: { code: '04-2A', zh: '疑卒中', en: 'Suspected stroke', hospital: 'stroke' } },
  ],
};

const incident = {
  complaint: '突然嘴歪',
  timeline: [
    {
      type: 'incidentOpened',
      data: { facts: { conscious: true, breathing: null, ageYears: 71, sex: 'female', persons: 1, remarks: null } },
    },
  ],
} as unknown as IncidentDetail;

const sent = (hospitalId: string, patient: Partial<SentPrealert['patient']> = {}): SentPrealert => ({
  id: hospitalId,
  hospitalId,
  at: '2026-11-30T12:00:00Z',
  by: '王',
  patient: { ageYears: null, sex: null, complaint: '抽搐', determinant: null, vitals: null, text: null, ...patient },
  receipt: null,
});

describe('a pre-alert', () => {
  it('begins with what the caller said and what that came to', () => {
    expect(summaryOf(incident, triage, undefined)).toMatchObject({
      age: '71',
      sex: 'female',
      complaint: '突然嘴歪',
      determinant: '04-1A 疑卒中,六小时以内',
      text: '',
    });
  });

  it('is amended from what was told last, not from what the caller said before', () => {
    const vitals = {
      heartRate: 96,
      systolicMmHg: null,
      diastolicMmHg: null,
      spo2Percent: null,
      respiratoryRate: null,
      gcs: null,
    };
    const told = summaryOf(incident, triage, sent('h1', { vitals: { ...vitals, temperatureCelsius: 36.5 } }));
    expect(told).toMatchObject({ age: '', sex: '', complaint: '抽搐', determinant: '' });
    expect(told.vitals).toMatchObject({ heartRate: '96', gcs: '', temperatureCelsius: '36.5' });
  });

  it('leaves out what is blank and sends what is no number as one that is refused', () => {
    const draft = summaryOf(incident, undefined, undefined);
    expect(patientOf(draft)).toEqual({
      ageYears: 71,
      sex: 'female',
      complaint: '突然嘴歪',
      determinant: null,
      vitals: null,
      text: null,
    });
    const measured = patientOf({ ...draft, age: '７２', vitals: { ...draft.vitals, gcs: '14', spo2Percent: '九十' } });
    expect(measured).toMatchObject({ ageYears: 72, vitals: { gcs: 14, spo2Percent: -1, heartRate: null } });
    expect(patientOf({ ...draft, vitals: { ...draft.vitals, temperatureCelsius: '36.5', gcs: '14.5' } }).vitals).toMatchObject({
      temperatureCelsius: 36.5,
      gcs: -1,
    });
  });

  it('is of the unit that is selected, else of the first that is bound', () => {
    const run = (id: string, active: boolean) => ({ id, unitId: `unit-${id}`, active }) as AssignmentView;
    const runs = [run('free', false), run('first', true), run('second', true)];
    expect(inHand(runs, 'unit-second')?.id).toBe('second');
    expect(inHand(runs, 'unit-free')?.id).toBe('first');
    expect(inHand([run('free', false)], null)).toBeNull();
  });

  it('asks for each capability that the answers came to, once', () => {
    expect(neededFor(triage)).toEqual(['stroke', 'trauma']);
    expect(neededFor(undefined)).toEqual([]);
  });

  it('is read again where its hospital, every one, or one that may be the first, has something new', () => {
    expect(concerns([sent('h1')], 'h1')).toBe(true);
    expect(concerns([sent('h1')], 'h2')).toBe(false);
    expect(concerns([sent('h1')], null)).toBe(true);
    expect(concerns([], 'h2')).toBe(true);
  });
});

describe('the load of a hospital', () => {
  it('is told in four bars, all of them full only where no bed is free', () => {
    const bars = (beds: number | null, freeBeds: number | null) => loadOf({ beds, freeBeds })?.bars;
    expect(bars(10, 3)).toBe(3);
    expect(bars(10, 10)).toBe(0);
    expect(bars(10, 9)).toBe(1);
    expect(bars(20, 1)).toBe(3);
    expect(bars(20, 0)).toBe(4);
    expect(bars(0, 0)).toBe(4);
    expect(bars(10, null)).toBeUndefined();
    expect(loadOf(null)).toBeNull();
  });

  it('shows the diversions that the clock has not ended, those of all patients first', () => {
    const report = {
      at: '2026-11-30T12:00:00Z',
      by: '王',
      isOld: false,
      beds: null,
      freeBeds: null,
      openCapabilities: [],
      diversions: [
        { capability: 'stroke', reason: 'CT', until: '2026-11-30T14:00:00Z' },
        { capability: 'trauma', reason: '手术', until: '2026-11-30T12:30:00Z' },
        { capability: null, reason: '停电', until: '2026-11-30T13:30:00Z' },
      ],
    };
    const kinds = (now: string) => diversionsOf({ report }, Date.parse(now)).map(({ capability }) => capability);
    expect(kinds('2026-11-30T13:00:00Z')).toEqual([null, 'stroke']);
    expect(kinds('2026-11-30T13:30:00Z')).toEqual(['stroke']);
    expect(diversionsOf({ report: null }, 0)).toEqual([]);
  });
});
