import { describe, expect, it } from 'vitest';
import type { LonLat } from '../api/contract';
import type { UnitView } from '../units/api';
import type { CardView, TypeView } from './api';
import {
  areaOf,
  askableNeeds,
  cardDraftOf,
  cardWishOf,
  cornersOf,
  matching,
  newNeed,
  newTypeDraft,
  typeDraftOf,
  typeWishOf,
  unitsFor,
  wordsOf,
} from './draft';

const fire: TypeView = {
  code: 'fireBuilding',
  name: '建筑火灾',
  nameEn: 'Building fire',
  lead: 'fire',
  others: ['ems', 'police'],
  priority: 1,
  words: ['着火', '冒烟'],
  ordinal: 7,
  active: true,
  version: 3,
};

describe('a type', () => {
  it('that nobody changed is sent as it was read', () => {
    const { code: _, version: __, ...kept } = fire;
    expect(typeWishOf(typeDraftOf(fire))).toEqual(kept);
  });

  it('takes words apart at spaces and at commas of either writing', () =>
    expect(wordsOf(' 着火、冒烟, 浓烟  火灾；')).toEqual(['着火', '冒烟', '浓烟', '火灾']));

  it('does not send its own agency beside itself', () =>
    expect(typeWishOf({ ...typeDraftOf(fire), lead: 'ems' }).others).toEqual(['police']));

  it('that is new comes last, and without its place is left to the server to refuse', () => {
    const draft = newTypeDraft([fire], 'ems');
    expect(typeWishOf(draft).ordinal).toBe(8);
    expect(typeWishOf({ ...draft, ordinal: '' }).ordinal).toBeNull();
  });
});

describe('a run card', () => {
  const ring: LonLat[] = [
    [118, 37],
    [119, 37],
    [119, 38],
  ];
  const card: CardView = {
    id: 'a',
    name: '高层',
    type: 'fireBuilding',
    priority: 1,
    area: areaOf(ring),
    synthetic: false,
    needs: [{ capability: 'ladder', count: 2 }],
    version: 4,
    gap: { missing: null, missingNow: null },
  };

  it('that nobody changed is sent as it was read', () => {
    const { id: _, synthetic: __, version: ___, gap: ____, ...kept } = card;
    expect(cardWishOf(cardDraftOf(card))).toEqual(kept);
    expect(cardWishOf(cardDraftOf({ ...card, priority: null, area: null }))).toEqual({ ...kept, priority: null, area: null });
  });

  it('has an area that is closed by itself, and is never sent as one for everywhere while it is half drawn', () => {
    expect(areaOf(ring).coordinates).toEqual([[...ring, ring[0]]]);
    expect(cornersOf(areaOf(ring))).toEqual(ring);
    const half = areaOf(ring.slice(0, 2));
    expect(cornersOf(half)).toHaveLength(2);
    expect(cardWishOf({ ...cardDraftOf(card), area: half }).area).not.toBeNull();
  });

  it('is asked about as far as it is written', () => {
    const needs = [newNeed('ladder', '3'), newNeed('', '1'), newNeed('boat', ''), newNeed('boat', '0'), newNeed('boat', '21')];
    expect(askableNeeds(needs)).toEqual([{ capability: 'ladder', count: 3 }]);
  });
});

describe('a list', () => {
  const unit = (callSign: string, stationName: string, capabilities: string[], driver: string) =>
    ({ callSign, stationName, capabilities, plate: `鲁E${callSign}`, crew: [{ role: 'driver', name: driver }] }) as UnitView;
  const units = [unit('A01', '胜利站', ['als', 'bls'], '王五'), unit('F09', '东城站', ['ladder'], '赵六')];
  const skills = [{ code: 'ladder', name: '云梯车', nameEn: 'Ladder truck', agency: 'fire' }];
  const found = (text: string) => unitsFor(units, text, skills).map(({ callSign }) => callSign);

  it('is found in by call sign, plate, station, skill in either language, crew, and by initials', () => {
    expect(found('')).toEqual(['A01', 'F09']);
    expect([found('f0'), found('鲁ea'), found('东城'), found('ladder'), found('云梯'), found('王五'), found('ytc')]).toEqual([
      ['F09'],
      ['A01'],
      ['F09'],
      ['F09'],
      ['F09'],
      ['A01'],
      ['F09'],
    ]);
    expect(found('没有')).toEqual([]);
  });

  it('of types is found in by what callers say', () =>
    expect(matching([fire], '冒烟', ({ name, words }) => [name, ...words])).toEqual([fire]));
});
