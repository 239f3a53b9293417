import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Draft,
  faults,
  isBlank,
  loadDrafts,
  newDraft,
  placeFromGazetteer,
  placeFromMap,
  removeDraft,
  saveDraft,
  toRequest,
} from './draft';

const place = placeFromGazetteer({
  id: 'address:1',
  kind: 'address',
  name: '黄河路100号',
  detail: '',
  district: '东营区',
  lon: 118.67,
  lat: 37.43,
  synthetic: true,
});
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
    expect(placeFromMap(118, 37, 5).certaintyMeters).toBe(40);
    expect(placeFromMap(118, 37, 0.01).certaintyMeters).toBe(5);
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
