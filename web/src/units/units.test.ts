import { describe, expect, it } from 'vitest';
import { atMinute } from '../shell/fixtures';
import { ageClass } from './age';
import { rowsByStation, unitPlace } from './order';
import { lookOf, stateOf, type UnitState } from './states';

const states: UnitState[] = [
  'standby',
  'outOfService',
  'offDuty',
  'notified',
  'acknowledged',
  'enRoute',
  'onScene',
  'atPatient',
  'leftScene',
  'atDestination',
  'handedOver',
];

describe('the look of a state', () => {
  it('has a letter of its own, so that it can be read without colour', () => {
    expect(new Set(states.map((state) => lookOf(state).letter)).size).toBe(states.length);
  });

  it('is solid while something happens and hollow while it is ordered or ends', () => {
    expect(lookOf('enRoute').pattern).toBe('solid');
    expect(lookOf('notified').pattern).toBe('dashed');
    expect(lookOf('atDestination').pattern).toBe('hollow');
  });

  it('is standing by where a unit has no assignment', () => {
    expect(stateOf({ leg: null, status: 'available' })).toBe('standby');
    expect(stateOf({ leg: 'enRoute', status: 'assigned' })).toBe('enRoute');
  });
});

describe('a unit that cannot be sent', () => {
  it('is not shown as one that waits to be', () => {
    expect(stateOf({ leg: null, status: 'outOfService' })).toBe('outOfService');
    expect(stateOf({ leg: null, status: 'offDuty' })).toBe('offDuty');
    expect(lookOf('outOfService').leg).toBe('out');
  });
});

describe('the age of a position', () => {
  it('changes its symbol after 30 s, 2 min and 15 min', () => {
    expect([0, 30, 31, 120, 121, 900, 901].map((age) => ageClass(age))).toEqual([
      'fresh',
      'fresh',
      'late',
      'late',
      'old',
      'old',
      'lost',
    ]);
  });

  it('is lost where there never was one', () => {
    expect(ageClass(null)).toBe('lost');
  });

  it('is judged by the time of life in an exercise that runs faster', () => {
    expect(ageClass(200, 10)).toBe('fresh');
  });
});

describe('the unit list', () => {
  it('stands by station and call sign, with numbers in order of size, agencies as the board has them', () => {
    const unit = (callSign: string, stationName: string, agency = 'ems') => ({ callSign, stationName, agency });
    const rows = rowsByStation([unit('B1', '一站'), unit('A10', '二站'), unit('A2', '二站'), unit('F1', '二队', 'fire')]);
    expect(rows.map((row) => row.callSign)).toEqual(['A2', 'A10', 'B1', 'F1']);
  });
});

describe('the place of a unit', () => {
  const home = { stationLon: 118, stationLat: 37, position: null };

  it('is the newest of what the feed and the board say', () => {
    const position = { lon: 118.1, lat: 37.1, time: atMinute(10) };
    const live = { lon: 118.2, lat: 37.2, time: atMinute(11), speedKmh: 40, headingDegrees: 90 };
    expect(unitPlace({ ...home, position }, live)).toMatchObject({ lon: 118.2, from: 'fix', headingDegrees: 90 });
    expect(unitPlace({ ...home, position }, { ...live, time: atMinute(9) })).toMatchObject({ lon: 118.1 });
  });

  it('is its station where it never sent one', () => {
    expect(unitPlace(home, undefined)).toEqual({
      lon: 118,
      lat: 37,
      time: null,
      from: 'station',
      speedKmh: null,
      headingDegrees: null,
    });
  });
});
