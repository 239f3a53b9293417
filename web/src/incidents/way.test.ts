import { describe, expect, it } from 'vitest';
import type { AssignmentStatus, AssignmentView, IncidentPlace, LonLat } from '../api/contract';
import { wantedWay } from './way';

const scene: LonLat = [118.5, 37.4];
const place = { lon: scene[0], lat: scene[1] } as IncidentPlace;
const hospital = { id: 'h', lon: 118.6, lat: 37.5 };
const looking = { formOpen: false, draftPlace: null, unitId: null, previewUnitId: null };
const incident = (...units: [unitId: string, status: AssignmentStatus][]) => ({
  place,
  assignments: units.map(
    ([unitId, status]) => ({ unitId, status, active: status !== 'available', destinationId: hospital.id }) as AssignmentView,
  ),
});

describe('the way that is wanted', () => {
  it('is that of the suggestion that is looked at, also where another unit is on its way', () => {
    const wanted = wantedWay({ ...looking, previewUnitId: 'a' }, incident(['b', 'enRoute']), undefined);
    expect(wanted).toEqual({ unitId: 'a', target: scene });
  });

  it('is that of the only unit on its way, of several that of the selected one', () => {
    expect(wantedWay(looking, incident(['a', 'onScene'], ['b', 'notified']), undefined)?.unitId).toBe('b');
    expect(wantedWay(looking, incident(['a', 'enRoute'], ['b', 'notified']), undefined)).toBeNull();
    expect(wantedWay({ ...looking, unitId: 'a' }, incident(['a', 'enRoute'], ['b', 'notified']), undefined)?.unitId).toBe('a');
  });

  it('leads to the hospital once the patient is on board, and nowhere before the hospital is known', () => {
    expect(wantedWay(looking, incident(['a', 'leftScene']), [hospital])?.target).toEqual([hospital.lon, hospital.lat]);
    expect(wantedWay(looking, incident(['a', 'leftScene']), undefined)).toBeNull();
  });

  it('is none where nobody drives, and leads to the place of the open form while one is written', () => {
    expect(wantedWay(looking, incident(['a', 'onScene'], ['b', 'available']), undefined)).toBeNull();
    expect(wantedWay(looking, undefined, undefined)).toBeNull();
    const draftPlace: LonLat = [118.7, 37.6];
    const form = { ...looking, formOpen: true, previewUnitId: 'a', draftPlace };
    expect(wantedWay(form, undefined, undefined)?.target).toEqual(draftPlace);
    expect(wantedWay({ ...form, draftPlace: null }, undefined, undefined)).toBeNull();
  });
});
