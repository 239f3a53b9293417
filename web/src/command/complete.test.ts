import { describe, expect, it } from 'vitest';
import { complete } from './complete';
import { initialsOf, meantBy } from './names';
import { read } from './parse';
import { asksTwice, pressEnter } from './twice';
import { ranking, world } from './world.fixtures';

const words = (line: string) => complete(line, world).map(({ word }) => word);

describe('the completion', () => {
  it('offers units by call sign, plate, station in Hanzi or in initials; free ones first to be sent', () => {
    expect(words('派 A')).toEqual(['A12', 'A07', 'A04', 'A09', 'A05', 'A66']);
    expect(words('派 0012')).toEqual(['A12']);
    expect(words('派 第一')[0]).toBe('A12');
    expect(words('派 dyjj')[0]).toBe('A12');
    expect(words('撤 A').slice(0, 2)).toEqual(['A04', 'A09']);
  });

  it('offers open incidents by number, complaint and initials, and after one unit another one', () => {
    expect(words('级 I')).toEqual(['I3', 'I2', 'I9', 'I9']);
    expect(complete('级 I', { ...world, selectedId: 'incident-I2' })[0]?.word).toBe('I2');
    expect(words('记 xt')).toEqual(['I3']);
    expect(words('派 A12 ')).toEqual(['I3', 'I2', 'I9', 'I9', 'A07', '0007', 'A04', 'A09']);
  });

  it('offers states in the order in which they may come, and results and hospitals by initials', () => {
    expect(words('态 A09 ').slice(0, 3)).toEqual(['接触患者', '离开现场', '恢复待命']);
    expect(words('关 I3 h')).toEqual(['患者拒送']);
    expect(words('院 A09 sly')).toEqual(['胜利油田中心医院']);
    expect(complete('态 A09 ', { ...world, language: 'en' })[2]?.word).toBe('Clear available');
  });

  it('offers hospitals as the patient is ranked, each with its reason, and those left out last', () => {
    expect(complete('院 A09 ', { ...world, ranking }).map(({ word, about }) => [word, about])).toEqual([
      ['胜利油田中心医院', '道路 4:10'],
      ['市中医院', '市中医院'],
      ['市人民医院', '分流至 03:30:CT 故障'],
    ]);
  });

  it('writes a line that goes on from there, whose words are understood', () => {
    expect(complete('派 A12、a0', world)[0]?.line).toBe('派 A12、A07 ');
    expect(complete('派A1', world)[0]?.line).toBe('派 A12 ');
    for (const language of ['zh', 'en'] as const) {
      for (const start of ['态 A09 ', '关 I3 ', '院 A09 ', '定 ', '级 I3 ']) {
        for (const { line } of complete(start, { ...world, language })) {
          expect([line, read(line, world)]).not.toEqual([line, expect.objectContaining({ kind: 'unfinished' })]);
          expect([line, JSON.stringify(read(line, world))]).not.toEqual([line, expect.stringMatching(/Unknown|tooMuch/)]);
        }
      }
    }
  });

  it('has nothing to add to a word that is whole, to a text, or to nonsense', () => {
    for (const line of ['派', 'p', '派 A12', '记 I3 交警', '飞 A', '派 A12 I3 ']) {
      expect(words(line)).toEqual([]);
    }
  });
});

describe('initials', () => {
  it('are those of the pinyin, and leave other characters', () => {
    expect(initialsOf('胜利油田中心医院')).toBe('slytzxyy');
    expect(initialsOf('Ａ12 号')).toBe('a12h');
    expect(initialsOf('阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀')).toBe('abcdefghjklmnopqrstwxyz');
  });

  it('name a thing only where nothing bears the word as its name', () => {
    const namesOf = (name: string) => [name];
    expect(meantBy('ab', ['ab', '阿八'], namesOf)).toEqual(['ab']);
    expect(meantBy('ab', ['阿八', '阿八嚓'], namesOf)).toEqual(['阿八']);
  });
});

describe('the second Enter', () => {
  it('is asked for by what takes something away, and counts from 300 ms on', () => {
    const first = pressEnter(null, '撤 A04', true, 1000);
    expect(first.runs).toBe(false);
    expect(pressEnter(first.asked, '撤 A04', true, 1299).runs).toBe(false);
    expect(pressEnter(first.asked, '撤 A04', true, 1300).runs).toBe(true);
  });

  it('in haste does not push the moment out, and for another line is a first one', () => {
    const { asked } = pressEnter(null, '撤 A04', true, 1000);
    expect(pressEnter(pressEnter(asked, '撤 A04', true, 1200).asked, '撤 A04', true, 1300).runs).toBe(true);
    expect(pressEnter(asked, '撤 A09', true, 2000).runs).toBe(false);
  });

  it('is asked for to leave P1 or P2, not for less', () => {
    const reading = read('改 A04 I3', world);
    const asks = (priority: 1 | 2 | 3 | 4) =>
      reading.kind === 'order' && asksTwice(reading.order, [{ id: 'incident-I2', priority }]);
    expect([1, 2, 3, 4].map((priority) => asks(priority as 1 | 2 | 3 | 4))).toEqual([true, true, false, false]);
  });

  it('is not asked for elsewhere', () => {
    expect(pressEnter(null, '派 A12', false, 0).runs).toBe(true);
  });
});
