import { describe, expect, it } from 'vitest';
import type { IncidentType } from '../api/contract';
import { typesFor } from './types';

const type = (code: string, name: string, nameEn: string, words: string[], active = true): IncidentType => ({
  code,
  name,
  nameEn,
  lead: 'ems',
  priority: 2,
  words,
  active,
});

const types = [
  type('medical', '医疗急救', 'Medical emergency', ['胸痛', '昏迷']),
  type('trafficInjury', '交通事故伤人', 'Traffic accident with injuries', ['车祸', '撞人']),
  type('fireVehicle', '车辆火灾', 'Vehicle fire', ['车着火']),
  type('old', '旧类型', 'Old', [], false),
];
const found = (text: string, complaint = '') => typesFor(types, text, complaint).map(({ code }) => code);

describe('the type of an incident', () => {
  it('is found by its name, its initials in pinyin, and what callers say', () => {
    expect(found('交通')).toEqual(['trafficInjury']);
    expect(found('jtsg')).toEqual(['trafficInjury']);
    expect(found('撞人')).toEqual(['trafficInjury']);
    expect(found('Vehicle')).toEqual(['fireVehicle']);
    expect(found('没有')).toEqual([]);
  });

  it('that begins with the text stands before one that only holds it', () => {
    expect(found('车')).toEqual(['trafficInjury', 'fireVehicle']);
    expect(found('fire')).toEqual(['fireVehicle']);
  });

  it('that the complaint speaks of stands first; one that is no longer used is not offered', () => {
    expect(found('', '两车相撞 车祸')).toEqual(['trafficInjury', 'medical', 'fireVehicle']);
    expect(found('旧')).toEqual([]);
  });
});
