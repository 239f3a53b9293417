import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import { nextOfAgency } from './agencies';
import type { Needs } from './api';
import { correctable, parseTimeNear } from './corrections';
import type { TimelineEntry, TimelineType } from './lines';
import { filledText } from './Needs';
import { passes } from './timelineFilter';

const [inChinese, inEnglish] = [i18next.getFixedT('zh'), i18next.getFixedT('en')];

beforeAll(async () => {
  await i18next.init({
    lng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

describe('what is needed', () => {
  it('says who fills it, and how many of those that it wants are there', () => {
    const need = (name: string, nameEn: string, wanted: number, ...callSigns: string[]) => ({
      capability: nameEn,
      name,
      nameEn,
      source: null,
      wanted,
      filledBy: callSigns.map((callSign) => ({ callSign })),
      missing: wanted - callSigns.length,
    });
    const needs: Needs = {
      card: { id: 'c', name: '被困' },
      needs: [need('高级生命支持', 'ALS', 1, 'A01'), need('巡逻', 'Patrol', 2, 'P01'), need('云梯车', 'Ladder', 1)],
      missing: null,
    };
    expect(filledText(needs, 'zh', inChinese)).toBe('高级生命支持 A01 · 巡逻 1/2 P01 · 云梯车 0/1');
    expect(filledText(needs, 'en', inEnglish)).toBe('ALS A01 · Patrol 1/2 P01 · Ladder 0/1');
    const byTriage = { ...need('基础生命支持', 'BLS', 1), source: '00-1A' };
    expect(filledText({ ...needs, needs: [byTriage] }, 'zh', inChinese)).toBe('基础生命支持（分诊 00-1A） 0/1');
  });
});

describe('another agency', () => {
  it('goes its usual way to the end, and has no next step once it refuses', () => {
    expect(nextOfAgency('notified')).toBe('accepted');
    expect(nextOfAgency('onScene')).toBe('done');
    expect(nextOfAgency('done')).toBeNull();
    expect(nextOfAgency('refused')).toBeNull();
  });
});

describe('the filter of the timeline', () => {
  const shown = (filter: Parameters<typeof passes>[1], ...lines: [TimelineType, TimelineEntry['source']][]) =>
    lines.filter(([type, source]) => passes({ type, source }, filter)).map(([type]) => type);
  const lines: [TimelineType, TimelineEntry['source']][] = [
    ['incidentOpened', 'telephone'],
    ['unitAssigned', 'dispatcher'],
    ['noteAdded', 'dispatcher'],
    ['agencyStatusChanged', 'agency'],
    ['milestoneRecorded', 'crew'],
    ['callJoined', 'telephone'],
  ];

  it('shows all, or who was sent, or what was said by telephone', () => {
    expect(shown('all', ...lines)).toHaveLength(lines.length);
    expect(shown('dispatch', ...lines)).toEqual(['unitAssigned', 'agencyStatusChanged', 'milestoneRecorded']);
    expect(shown('calls', ...lines)).toEqual(['incidentOpened', 'agencyStatusChanged', 'callJoined']);
  });
});

describe('a line of the timeline', () => {
  it('can be corrected where it is the one that counts now', () => {
    expect(correctable({ type: 'noteAdded', correctedBy: null })).toBe('note');
    expect(correctable({ type: 'noteAdded', correctedBy: [7] })).toBeNull();
    expect(correctable({ type: 'noteCorrected', correctedBy: null })).toBe('note');
    expect(correctable({ type: 'milestoneRecorded', correctedBy: null })).toBe('milestone');
    // Its address may be right now, and its type not yet.
    expect(correctable({ type: 'incidentOpened', correctedBy: [7] })).toBe('facts');
    expect(correctable({ type: 'unitAssigned', correctedBy: null })).toBeNull();
  });
});

describe('a time of day', () => {
  const near = '2026-11-25T02:11:05+08:00';

  it('is the one that lies nearest, over midnight as well', () => {
    expect(parseTimeNear('02:09', near)).toBe('2026-11-24T18:09:00.000Z');
    expect(parseTimeNear('２：０９：３０', near)).toBe('2026-11-24T18:09:30.000Z');
    expect(parseTimeNear('0209', near)).toBe('2026-11-24T18:09:00.000Z');
    expect(parseTimeNear('23:59:30', near)).toBe('2026-11-24T15:59:30.000Z');
  });

  it('is nothing where no clock shows it', () => {
    for (const text of ['', '24:00', '02:60', '两点', '2', '02:11:60']) {
      expect(parseTimeNear(text, near)).toBeNull();
    }
  });
});
