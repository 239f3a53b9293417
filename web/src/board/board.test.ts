import { describe, expect, it } from 'vitest';
import type { UnitView } from '../units/api';
import { districtsOf } from './districts';
import { mapRows } from './mapOrder';

const names = (rows: { name: string }[][]) => rows.map((row) => row.map(({ name }) => name));

describe('the order of the districts', () => {
  it('is that of a map: north above south, west before east', () => {
    const city = [
      { name: '广饶县', at: [118.4, 37.05] as const },
      { name: '东营区', at: [118.6, 37.45] as const },
      { name: '垦利区', at: [118.9, 37.6] as const },
      { name: '利津县', at: [118.25, 37.5] as const },
      { name: '河口区', at: [118.5, 37.9] as const },
    ].map(({ name, at }) => ({ name, at: [...at] as [number, number] }));
    expect(names(mapRows(city))).toEqual([
      ['利津县', '河口区', '垦利区'],
      ['广饶县', '东营区'],
    ]);
    expect(mapRows([])).toEqual([]);
  });

  it('does not change with what the units do', () => {
    const unit = (callSign: string, stationId: string, lon: number, leg: UnitView['leg']) =>
      ({ callSign, agency: 'ems', stationId, stationName: stationId, stationLon: lon, stationLat: 37.4, leg }) as UnitView;
    const districtOf = new Map([
      ['s1', { name: '东营区', nameEn: 'Dongying District' }],
      ['s2', { name: '垦利区', nameEn: 'Kenli District' }],
    ]);
    const quiet = districtsOf([unit('A2', 's2', 118.9, null), unit('A1', 's1', 118.5, null)], districtOf);
    const busy = districtsOf([unit('A1', 's1', 118.5, 'onScene'), unit('A2', 's2', 118.9, 'enRoute')], districtOf);
    expect(names(quiet)).toEqual([['东营区', '垦利区']]);
    expect(names(busy)).toEqual(names(quiet));
  });

  it('keeps a unit whose district is not known', () => {
    const lost = { callSign: 'A9', agency: 'ems', stationId: 'x', stationName: 'x', stationLon: 118, stationLat: 37 } as UnitView;
    expect(districtsOf([lost], new Map()).flat()[0]?.units).toEqual([lost]);
  });
});
