import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import type { Recommendations } from '../units/api';
import { verbs } from './grammar';
import { read } from './parse';
import { sayReading } from './say';
import { ranking, world } from './world.fixtures';

beforeAll(async () => {
  await i18next.init({
    lng: 'zh',
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

const found = {
  basis: 'road',
  units: [
    { unitId: 'unit-A12', seconds: 250, meters: 3400 },
    { unitId: 'unit-A07', seconds: null, meters: 5600 },
  ],
  leftOut: [
    { unitId: 'unit-A04', reason: { zh: '正在执行 I2', en: 'works on I2' } },
    { unitId: 'unit-0007', reason: { zh: '位置过旧', en: 'Position too old' } },
  ],
} as unknown as Recommendations;

const say = (line: string, language: 'zh' | 'en' = 'zh') =>
  sayReading(read(line, world), found, ranking, world.now, i18next.getFixedT(language));

describe('the preview', () => {
  it('says why a hospital stands where it does, or why it is left out, of the unit that was ranked alone', () => {
    expect(say('院 A09 胜利油田中心医院')).toBe('A09 离开现场 → 胜利油田中心医院 · 道路 4:10');
    expect(say('院 A09 市人民医院')).toBe('A09 离开现场 → 市人民医院 · 不列入 · 分流至 03:30:CT 故障');
    expect(say('y A09 szyy')).toBe('A09 离开现场 → 市中医院');
  });

  it('says an order in words, with the time by road, an estimate as one, or why there is none', () => {
    expect(say('派 A12 A07 I3')).toBe('派单 A12 预计 04:10、A07 直线 5.6 km → I3 P2 胸痛');
    expect(say('p A12 .', 'en')).toBe('Dispatch A12 est. 04:10 → I3 P2 胸痛');
    expect(say('派 1111 I3')).toBe('派单 0007（位置过旧） → I3 P2 胸痛');
    expect(say('改 A04 I3')).toBe('改派 A04（I2）→ I3 P2 胸痛');
    expect(say('态 A04 到达 @10:30')).toBe('A04 到达现场（I2），补记 10:30:00');
    expect(say('级 I3 1', 'en')).toBe('I3 priority P2 → P1');
    expect(say('关 I3 无患者 误报')).toBe('结案 I3 P2 胸痛：无患者。误报');
  });

  it('says what stands against it, what is missing, what is meant', () => {
    expect(say('派 A04 I3')).toBe('A04 正在执行 I2');
    expect(say('态 A04 送达医院')).toBe('A04 现为出车，下一步：到达现场');
    expect(say('s A09 left scene', 'en')).toBe('Leaving the scene needs a hospital: hospital A09 …');
    expect(say('派 A12')).toBe('还缺 警情：I 数字，. 所选，^ 上一个');
    expect(say('院 A09 市')).toBe('「市」可指 市人民医院、市中医院。写全后执行');
  });

  it('names every verb of the grammar in the hint and in the refusal of another, in both languages', () => {
    for (const { zh: hanzi, name } of verbs) {
      expect(say('')).toContain(hanzi);
      expect(say('飞 A12')).toContain(hanzi);
      expect(say('', 'en')).toContain(name);
      expect(say('fly A12', 'en')).toContain(name);
    }
  });
});
