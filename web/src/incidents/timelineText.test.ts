import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import type { TimelineEntry } from './lines';
import { sayEntry } from './timelineText';

beforeAll(async () => {
  await i18next.init({
    lng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

const base = {
  version: 1,
  at: '2026-11-25T02:00:00Z',
  recordedAt: '2026-11-25T02:00:00Z',
  by: '王',
  source: 'dispatcher' as const,
  correctedBy: null,
};
const unit = { assignmentId: 'a', unitId: 'u', callSign: 'A12' };
const sent = { ...unit, divertedFrom: null, relieves: null };
const left = { ...unit, divertedTo: null, relievedBy: null };
const other = { id: 'i', number: 'I7' };

describe('an entry of the timeline', () => {
  it('says what happened in words', () => {
    const entries: [TimelineEntry, string][] = [
      [
        {
          ...base,
          type: 'incidentOpened',
          data: {
            number: 'I3',
            priority: 1,
            complaint: '胸痛',
            place: { lon: 118, lat: 37, address: 'x', detail: null, readBack: true, foundBy: null, callerWords: null },
            receivedAt: base.at,
            facts: { conscious: true, breathing: null, ageYears: 62, sex: 'male', persons: null, remarks: '门禁 2 号' },
          },
        },
        '来电建立 I3 P1 胸痛 · 意识 有 · 男 · 年龄 62 · 门禁 2 号',
      ],
      [{ ...base, type: 'unitAssigned', data: { ...sent, expectedSeconds: 250 } }, '派单 A12，预计 04:10'],
      [{ ...base, type: 'unitAssigned', data: { ...sent, expectedSeconds: null } }, '派单 A12'],
      [
        { ...base, type: 'milestoneRecorded', data: { ...unit, milestone: 'leftScene', at: base.at, destinationName: '市医院' } },
        'A12 离开现场 → 市医院',
      ],
      [
        { ...base, type: 'assignmentCancelled', data: { ...left, kind: 'emptyRun', reason: '来电人取消' } },
        'A12 放空：来电人取消',
      ],
      [
        { ...base, type: 'assignmentCancelled', data: { ...left, kind: 'diverted', reason: '更近', divertedTo: other } },
        '改派 A12 → I7：更近',
      ],
      [{ ...base, type: 'unitAssigned', data: { ...sent, expectedSeconds: 60, divertedFrom: other } }, 'I7 改派来 A12'],
      [
        { ...base, type: 'agencyStatusChanged', data: { agency: 'power', status: 'enRoute', words: '15分钟到' } },
        '供电：已出动，15分钟到',
      ],
      [{ ...base, type: 'noteCorrected', data: { corrects: 2, why: '听错', text: '三楼' } }, '更正记事：三楼（听错）'],
      [{ ...base, type: 'priorityChanged', data: { from: 3, to: 1 } }, '优先级 P3 → P1'],
      [
        {
          ...base,
          type: 'capabilitiesRequired',
          data: {
            requirement: {
              source: '00-1A',
              priority: 1,
              needs: [
                { capability: 'als', count: 1, also: ['neonatal'] },
                { capability: 'bls', count: 1 },
              ],
            },
          },
        },
        '分诊 00-1A 要求：高级生命支持+neonatal 1 · 基础生命支持 1',
      ],
      [{ ...base, type: 'incidentClosed', data: { disposition: 'transported', note: null } }, '结案：已送医'],
    ];
    for (const [entry, said] of entries) {
      expect(sayEntry(entry, i18next.t)).toBe(said);
    }
  });

  it('says it in English, too, and leaves what a person typed as it is', async () => {
    await i18next.changeLanguage('en');
    expect(sayEntry({ ...base, type: 'noteAdded', data: { text: '<b>门禁 & 2号</b>' } }, i18next.t)).toBe(
      'Note: <b>门禁 & 2号</b>',
    );
    expect(sayEntry({ ...base, type: 'addressReadBack', data: {} }, i18next.t)).toBe('Address read back');
  });
});
