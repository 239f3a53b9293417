import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import type { OpenThings } from './api';
import { linesOf, newSince } from './lines';

beforeAll(async () => {
  await i18next.init({
    lng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

const open: OpenThings = {
  at: '2026-11-25T00:00:00Z',
  incidents: [
    {
      id: 'i1',
      number: 'I1',
      status: 'running',
      priority: 2,
      complaint: '胸痛',
      address: '府前街18号',
      openedAt: '2026-11-25T00:00:00Z',
      units: [{ callSign: 'A12', status: 'enRoute', since: '2026-11-25T00:10:00Z' }],
    },
  ],
  calls: [{ id: 'c1', status: 'callBack', number: '138****5521', since: '2026-11-25T00:20:00Z' }],
  shelvedAlarms: [],
  unitsOut: [{ id: 'u1', callSign: 'A21', why: { zh: '车辆维修', en: 'repair' }, words: '换胎', until: null }],
  closures: [{ id: 'r1', streets: ['黄河路', '西四路', '府前街'], kind: 'closed', until: '2026-11-25T10:00:00Z' }],
  more: 0,
};

describe('what is handed over', () => {
  it('is said in one line each', () => {
    const said = (kind: Parameters<typeof linesOf>[1]) => linesOf(open, kind, i18next.t).map(({ text }) => text);
    expect(said('incidents')).toEqual(['I1 P2 胸痛 · 府前街18号 · A12 出车 08:10:00']);
    expect(said('calls')).toEqual(['待回拨 · 138****5521 · 08:20:00']);
    expect(said('unitsOut')).toEqual(['A21 · 车辆维修 · 换胎 · 待通知']);
    expect(said('closures')).toEqual(['黄河路、西四路 · 封闭 · 至 18:00:00']);
  });

  it('tells the next shift what is new since it was written', () => {
    const later = {
      ...open,
      incidents: [...open.incidents, { ...open.incidents[0], id: 'i2', number: 'I2' } as OpenThings['incidents'][number]],
      calls: [],
      unitsOut: [],
    };
    expect([...newSince(open, later)]).toEqual(['i2']);
    expect(newSince(open, open).size).toBe(0);
  });
});
