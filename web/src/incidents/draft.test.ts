import { beforeEach, describe, expect, it } from 'vitest';
import type { FoundPlace } from '../api/contract';
import {
  type Draft,
  faults,
  isBlank,
  loadDrafts,
  nameOnMap,
  newDraft,
  placeFromGazetteer,
  putAtCaller,
  putOnMap,
  removeDraft,
  saveDraft,
  toRequest,
} from './draft';

const found: FoundPlace = {
  id: 'address:1',
  kind: 'address',
  name: '黄河路100号',
  detail: '',
  district: '东营区',
  lon: 118.67,
  lat: 37.43,
  synthetic: true,
  certainty: 'exact',
  why: null,
  note: null,
  highlights: [],
  meters: null,
};
const place = placeFromGazetteer(found);
const complete: Draft = { ...newDraft('id-1', 0), address: '黄河路100号', place, complaint: '胸痛' };

class MemoryStorage implements Storage {
  private readonly kept = new Map<string, string>();
  get length() {
    return this.kept.size;
  }
  clear = () => this.kept.clear();
  getItem = (key: string) => this.kept.get(key) ?? null;
  key = () => null;
  removeItem = (key: string) => void this.kept.delete(key);
  setItem = (key: string, value: string) => void this.kept.set(key, value);
}

describe('a draft', () => {
  it('may be submitted once it has an address, a place and a complaint', () => {
    expect(faults(complete)).toEqual([]);
    expect(faults(newDraft('x', 0)).map((fault) => fault.field)).toEqual(['address', 'complaint']);
  });

  it('says that an address without a place is not located', () => {
    expect(faults({ ...complete, place: null })).toEqual([{ field: 'place', why: 'missing' }]);
  });

  it('says what was asked besides, and nothing where nobody asked', () => {
    const { facts } = complete;
    const asked: Draft = {
      ...complete,
      callId: 'call-1',
      type: 'trafficInjury',
      facts: { ...facts, conscious: 'no', age: '６２' },
    };
    expect(toRequest(complete).facts).toBeNull();
    expect(toRequest(asked)).toMatchObject({
      callId: 'call-1',
      type: 'trafficInjury',
      facts: { conscious: false, breathing: null, ageYears: 62, sex: null, persons: null, remarks: null },
    });
    expect(faults({ ...complete, facts: { ...facts, age: '131' } })).toEqual([{ field: 'age', why: 'bad' }]);
    expect(faults({ ...complete, facts: { ...facts, persons: '两' } })).toEqual([{ field: 'persons', why: 'bad' }]);
  });

  it('takes the place that the caller itself says, as sure as it was measured', () => {
    const put = putAtCaller(newDraft('x', 0), { lon: 118.5, lat: 37.4, uncertaintyMeters: 35.4 });
    expect(put).toMatchObject({ address: '118.50000, 37.40000', place: { certaintyMeters: 35, isMeasured: true } });
    expect(
      putAtCaller({ ...newDraft('x', 0), address: '东门' }, { lon: 118.5, lat: 37.4, uncertaintyMeters: null }),
    ).toMatchObject({
      address: '东门',
      place: { certaintyMeters: 100 },
    });
  });

  it('of an older version is completed', () => {
    const storage = new MemoryStorage();
    storage.setItem('geodispatch.drafts.wang', JSON.stringify([{ commandId: 'old', complaint: '胸痛', startedAt: 7 }]));
    expect(loadDrafts(storage, 'wang')).toEqual([{ ...newDraft('old', 7), complaint: '胸痛' }]);
  });

  it('takes digits of full width, but no letters, as call-back number', () => {
    const folded = { ...complete, callbackNumber: '１３８ 0000' };
    expect(faults(folded)).toEqual([]);
    expect(toRequest(folded).callbackNumber).toBe('138 0000');
    expect(faults({ ...complete, callbackNumber: '138a' })).toEqual([{ field: 'callbackNumber', why: 'bad' }]);
  });

  it('refuses what the server would refuse for its length', () => {
    expect(faults({ ...complete, complaint: '痛'.repeat(201) })).toEqual([{ field: 'complaint', why: 'tooLong', most: 200 }]);
  });

  it('keeps its command id from first to last try, and the time the call began', () => {
    const sent = toRequest({ ...complete, complaint: '  胸痛 ', startedAt: Date.parse('2026-11-25T02:00:00Z') });
    expect(sent).toMatchObject({
      commandId: 'id-1',
      complaint: '胸痛',
      receivedAt: '2026-11-25T02:00:00.000Z',
      callbackNumber: null,
    });
  });

  it('is blank until something is typed or placed', () => {
    expect(isBlank(newDraft('x', 0))).toBe(true);
    expect(isBlank({ ...newDraft('x', 0), detail: '3单元' })).toBe(false);
  });
});

describe('the certainty of a place', () => {
  it('follows what was chosen', () => {
    expect(place.certaintyMeters).toBe(15);
    expect(placeFromGazetteer({ ...found, certainty: 'interpolated' }).certaintyMeters).toBe(60);
    expect(placeFromGazetteer({ ...found, kind: 'street', certainty: 'street' }).certaintyMeters).toBe(300);
    expect(putOnMap(complete, [118, 37], 5).place?.certaintyMeters).toBe(40);
    expect(putOnMap(complete, [118, 37], 0.01).place?.certaintyMeters).toBe(5);
  });
});

describe('a point of the map', () => {
  const blank = { ...newDraft('id-1', 0), complaint: '胸痛' };
  const put = (draft: Draft): Draft => ({ ...draft, ...putOnMap(draft, [118.6, 37.4], 1) });
  const named = { name: '西四路与黄河路口东 120 米', district: { name: '东营区', nameEn: '' }, town: { name: '胜园街道' } };
  const withName = (draft: Draft, asked = draft): Draft => ({ ...draft, ...nameOnMap(draft, asked, named) });

  it('serves at once by its coordinates and then bears its name', () => {
    expect(put(blank).address).toBe('118.60000, 37.40000');
    expect(faults(put(blank))).toEqual([]);
    expect(withName(put(blank))).toMatchObject({
      address: named.name,
      callerWords: '',
      place: { lon: 118.6, district: '东营区胜园街道' },
    });
    expect(toRequest(withName(put(blank))).place).toMatchObject({ address: named.name, foundBy: 'map', callerWords: null });
    expect(toRequest(put(blank)).place).toMatchObject({ address: '118.60000, 37.40000', foundBy: 'map' });
  });

  it('keeps what was typed until the name comes, and then as the caller’s words', () => {
    const typed = { ...blank, address: '肯德基对面' };
    expect(toRequest(put(typed)).place).toMatchObject({ address: '肯德基对面', foundBy: 'caller', callerWords: null });
    expect(toRequest(withName(put(typed))).place).toMatchObject({
      address: named.name,
      foundBy: 'map',
      callerWords: '肯德基对面',
    });
  });

  it('takes another name where it is moved, and never its old one for the caller’s words', () => {
    const moved = { ...withName(put(blank)), ...putOnMap(withName(put(blank)), [118.7, 37.5], 1) };
    expect(moved).toMatchObject({ address: '118.70000, 37.50000', callerWords: '' });
    expect(nameOnMap(moved, put(blank), named)).toEqual({});
  });

  it('is not renamed once somebody went on typing, read the address back or took another call', () => {
    const asked = put(blank);
    for (const gone of [{ address: '西四路口' }, { readBack: true }, { commandId: 'id-2' }, { place: null }]) {
      expect(nameOnMap({ ...asked, ...gone }, asked, named)).toEqual({});
    }
  });
});

describe('kept drafts', () => {
  let storage: MemoryStorage;
  beforeEach(() => {
    storage = new MemoryStorage();
  });

  it('survive a reload, one beside the other, each user’s apart', () => {
    saveDraft(storage, 'li', complete);
    saveDraft(storage, 'li', { ...complete, commandId: 'id-2' });
    saveDraft(storage, 'li', { ...complete, complaint: '胸痛加重' });
    expect(loadDrafts(storage, 'li').map((draft) => [draft.commandId, draft.complaint])).toEqual([
      ['id-2', '胸痛'],
      ['id-1', '胸痛加重'],
    ]);
    expect(loadDrafts(storage, 'wang')).toEqual([]);
  });

  it('are dropped when submitted or emptied', () => {
    saveDraft(storage, 'li', complete);
    removeDraft(storage, 'li', 'id-1');
    expect(loadDrafts(storage, 'li')).toEqual([]);
    saveDraft(storage, 'li', complete);
    saveDraft(storage, 'li', newDraft('id-1', 0));
    expect(loadDrafts(storage, 'li')).toEqual([]);
  });

  it('give a new start where what was kept cannot be read', () => {
    storage.setItem('geodispatch.drafts.li', '{"half');
    expect(loadDrafts(storage, 'li')).toEqual([]);
  });
});
