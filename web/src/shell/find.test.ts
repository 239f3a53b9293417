import { describe, expect, it } from 'vitest';
import { findIncidents, findUnits } from './find';

const incident = (number: string, complaint: string, address: string) => ({
  number,
  complaint,
  place: { lon: 0, lat: 0, address, detail: null, readBack: false, foundBy: null, callerWords: null },
});

describe('the search', () => {
  it('finds units whatever the width and case they are typed in', () => {
    const units = [
      { callSign: 'A12', plate: '鲁E·A0012' },
      { callSign: 'A2', plate: '鲁E·A0098' },
    ];
    expect(findUnits(units, 'ａ１２').map((unit) => unit.callSign)).toEqual(['A12']);
    expect(findUnits(units, '0098').map((unit) => unit.callSign)).toEqual(['A2']);
    expect(findUnits(units, ' ')).toEqual([]);
  });

  it('puts the incident whose number was typed before those that mention it', () => {
    const incidents = [incident('I12', '车祸 I3 附近', '黄河路'), incident('I3', '胸痛', '府前街')];
    expect(findIncidents(incidents, 'i3').map(({ number }) => number)).toEqual(['I3', 'I12']);
    expect(findIncidents(incidents, '府前').map(({ number }) => number)).toEqual(['I3']);
  });
});
