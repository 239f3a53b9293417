import { describe, expect, it } from 'vitest';
import type { HospitalNow, Prealert, PrealertState } from './api';
import { arrivalOf, firstUnread, vitalsOf } from './prealerts';
import { bodyOf, draftOf } from './report';

const announced = (id: string, state: PrealertState, at: string, receivedAt: string | null = null): Prealert => ({
  id,
  assignmentId: id,
  callSign: 'A01',
  priority: 1,
  state,
  since: at,
  isOnItsWay: state === 'coming',
  etaSeconds: null,
  positionAgeSeconds: null,
  at,
  by: '王',
  versions: 1,
  patient: null,
  receivedAt,
  receivedBy: null,
});

describe('one key receives', () => {
  it('the pre-alert that has waited longest, and none that was read or that is over', () => {
    const list = [
      announced('later', 'coming', '2026-11-30T12:05:00Z'),
      announced('read', 'coming', '2026-11-30T12:00:00Z', '2026-11-30T12:01:00Z'),
      announced('gone', 'redirected', '2026-11-30T12:01:00Z'),
      announced('first', 'arrived', '2026-11-30T12:02:00Z'),
    ];
    expect(firstUnread(list)?.id).toBe('first');
    expect(firstUnread(list.filter(({ id }) => id === 'read' || id === 'gone'))).toBeNull();
  });
});

describe('a patient', () => {
  it('arrives by the time that was read, or at a time that nobody knows', () => {
    expect(arrivalOf({ etaSeconds: 90 }, '2026-11-30T12:00:00Z')).toBe(Date.parse('2026-11-30T12:01:30Z'));
    expect(arrivalOf({ etaSeconds: null }, '2026-11-30T12:00:00Z')).toBeNull();
  });

  it('has the vitals that were measured and no others', () => {
    const none = {
      heartRate: null,
      systolicMmHg: null,
      diastolicMmHg: null,
      spo2Percent: null,
      respiratoryRate: null,
      gcs: null,
      temperatureCelsius: null,
    };
    expect(vitalsOf(null)).toEqual([]);
    expect(vitalsOf(none)).toEqual([]);
    expect(vitalsOf({ ...none, heartRate: 0, systolicMmHg: 85, temperatureCelsius: 36 })).toEqual([
      { name: 'heartRate', value: '0 /min' },
      { name: 'pressure', value: '85/– mmHg' },
      { name: 'temperature', value: '36.0 °C' },
    ]);
  });
});

describe('a report', () => {
  const hospital: HospitalNow = {
    id: 'h',
    name: '市医院',
    nameEn: null,
    capabilities: ['stroke', 'trauma'],
    inbound: { onTheWay: 0, handingOver: 0, soonestSeconds: null },
    report: {
      at: '2026-11-30T12:00:00Z',
      by: '王',
      isOld: false,
      beds: 20,
      freeBeds: null,
      openCapabilities: ['trauma', 'poisoning'],
      diversions: [{ capability: null, reason: '停电', until: '2026-11-30T14:00:00Z' }],
    },
  };

  it('begins with what was said last, and of one that never said anything with all that it can', () => {
    expect(draftOf(hospital)).toEqual({
      beds: '20',
      freeBeds: '',
      open: ['trauma'],
      diversions: [{ capability: '', reason: '停电', until: '2026-11-30T14:00:00Z', minutes: 60 }],
    });
    expect(draftOf({ ...hospital, report: null }).open).toEqual(['stroke', 'trauma']);
  });

  it('keeps the end of a diversion that is there and counts a new one from now', () => {
    const draft = draftOf(hospital);
    const more = {
      ...draft,
      diversions: [...draft.diversions, { capability: 'stroke', reason: ' CT ', until: null, minutes: 30 }],
    };
    expect(bodyOf(more, Date.parse('2026-11-30T13:00:00Z'))).toEqual({
      beds: 20,
      freeBeds: null,
      openCapabilities: ['trauma'],
      diversions: [
        { capability: null, reason: '停电', until: '2026-11-30T14:00:00Z' },
        { capability: 'stroke', reason: 'CT', until: '2026-11-30T13:30:00.000Z' },
      ],
    });
  });

  it('never takes what is no number for a bed that nobody counted', () => {
    expect(bodyOf({ ...draftOf(hospital), beds: '2o' }, 0).beds).toBe(-1);
  });
});
