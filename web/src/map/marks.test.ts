import { describe, expect, it } from 'vitest';
import type { LonLat } from '../api/contract';
import type { UnitView } from '../units/api';
import { labelsOf, unitMarks } from './marks';

const now = Date.parse('2026-11-25T02:00:00Z');
const unit = (id: string, change: Partial<UnitView> = {}): UnitView => ({
  id,
  callSign: id,
  kind: 'ambulance',
  plate: '',
  vehicleId: `v-${id}`,
  stationId: 's1',
  stationName: '一站',
  stationLon: 118,
  stationLat: 37,
  synthetic: true,
  crew: [],
  status: 'available',
  leg: null,
  assignmentId: null,
  incidentId: null,
  incidentNumber: null,
  position: { lon: 118, lat: 37, time: '2026-11-25T01:59:50Z' },
  agency: 'ems',
  capabilities: ['bls'],
  version: 0,
  duty: { onDuty: true, from: null, until: null },
  out: null,
  post: null,
  freedAt: null,
  restMinutes: 0,
  ...change,
});
const marksOf = (units: UnitView[], lookedAt: string[] = []) =>
  unitMarks(
    units,
    () => undefined,
    (_, to: LonLat) => to,
    now,
    1,
    lookedAt,
  );

describe('the marks of units', () => {
  it('stand side by side beneath the station where they are parked', () => {
    const offsets = marksOf([
      unit('A1'),
      unit('A2'),
      unit('A3', { position: { lon: 118.1, lat: 37, time: '2026-11-25T01:59:50Z' } }),
    ]).map(({ offset }) => offset);
    expect(offsets).toEqual([
      [-19, 26],
      [19, 26],
      [0, 0],
    ]);
  });

  it('stand beside each other beneath the incident they have reached', () => {
    const scene = {
      status: 'assigned',
      leg: 'onScene',
      incidentId: 'i1',
      position: { lon: 118.2, lat: 37, time: '2026-11-25T01:59:50Z' },
    } as const;
    expect(marksOf([unit('A1', scene), unit('A2', { ...scene, leg: 'atPatient' })]).map(({ offset }) => offset)).toEqual([
      [-19, 38],
      [19, 38],
    ]);
  });

  it('leave out a free unit without any fix until it is looked at or sent', () => {
    const silent = unit('A1', { position: null });
    expect(marksOf([silent])).toEqual([]);
    expect(marksOf([silent], ['A1'])).toHaveLength(1);
    expect(marksOf([unit('A1', { position: null, status: 'assigned', leg: 'enRoute' })])[0]).toMatchObject({
      age: 'old',
      state: 'enRoute',
    });
  });

  it('say their age in the label once it is over 30 s', () => {
    const units = marksOf([unit('A1', { position: { lon: 118, lat: 37, time: '2026-11-25T01:59:15Z' } }), unit('A2')]);
    const labels = labelsOf({ units, incidents: [], stations: [], hospitals: [], incidentId: null, unitId: 'A2', zoom: 12 });
    expect(labels.map(({ text, rank }) => [text, rank])).toEqual([
      ['A1 45s', 5],
      ['A2', 0],
    ]);
  });
});
