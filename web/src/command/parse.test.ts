import { describe, expect, it } from 'vitest';
import { verbs } from './grammar';
import { read } from './parse';
import type { Order, Reading } from './reading';
import { place, world } from './world.fixtures';

/** An order as short text: the verb, and what it is done to. */
function brief(reading: Reading): string {
  if (reading.kind !== 'order') {
    return reading.kind === 'refused' ? `refused ${reading.why.code}` : reading.kind;
  }
  const parts = Object.values(reading.order).flatMap((part: Order[keyof Order]) => (Array.isArray(part) ? part : [part]));
  return parts
    .filter((part) => part !== null && part !== '')
    .map((part) =>
      typeof part !== 'object' ? `${part}` : 'callSign' in part ? part.callSign : 'number' in part ? part.number : part.name,
    )
    .join(' ');
}

const said = (line: string) => brief(read(line, world));

describe('a line', () => {
  it.each([
    ['派 A12 I3', 'dispatch A12 I3'],
    ['p a12 i3', 'dispatch A12 I3'],
    ['Dispatch A12 I3', 'dispatch A12 I3'],
    ['派 A12 A07 .', 'dispatch A12 A07 I3'],
    ['撤 A04 误派', 'recall A04 误派'],
    ['c A04 sent in error', 'recall A04 sent in error'],
    ['recall 0004 误派', 'recall A04 误派'],
    ['改 A04 I3', 'divert A04 I3'],
    ['g A04 . 更危重', 'divert A04 I3 更危重'],
    ['divert A04 I3 closer', 'divert A04 I3 closer'],
    ['态 A09 接触患者', 'status A09 atPatient'],
    ['s A09 At Patient', 'status A09 atPatient'],
    ['s A09 clear, available @10:30', 'status A09 available 2026-11-30T02:30:00.000Z'],
    ['s A09 atpatient', 'status A09 atPatient'],
    ['status A04 到达', 'status A04 onScene'],
    ['态 A04 现', 'status A04 onScene'],
    ['态 A04 ddxc', 'status A04 onScene'],
    ['态 A09 可', 'status A09 available'],
    ['态 A04 到达 @10:30', 'status A04 onScene 2026-11-30T02:30:00.000Z'],
    ['级 I3 1', 'priority I3 1'],
    ['j . P4', 'priority I3 4'],
    ['priority ^ 1', 'priority I2 1'],
    ['记 I3 交警已通知，路口封闭', 'note I3 交警已通知，路口封闭'],
    ['m . police told, road closed', 'note I3 police told, road closed'],
    ['note I8 补记', 'note I8 补记'],
    ['院 A09 市人民医院', 'hospital A09 市人民医院'],
    ['y A09 slyt', 'hospital A09 胜利油田中心医院'],
    ['hospital A09 中心', 'hospital A09 胜利油田中心医院'],
    ['并 I3 I2', 'merge I3 I2'],
    ['b . ^', 'merge I3 I2'],
    ['merge I3 I2', 'merge I3 I2'],
    ['待 A12 市中医院', 'standby A12 市中医院'],
    ['d A12 第一急救站', 'standby A12 第一急救站（演示）'],
    ['静', 'mute'],
    ['q', 'mute'],
    ['定 A12', 'locate A12'],
    ['l I3', 'locate I3'],
    ['locate 第一急救站', 'locate 第一急救站（演示）'],
    ['开 ^', 'open I2'],
    ['o A12', 'open A12'],
    ['open szyy', 'open 市中医院'],
    ['查 黄河路 100号', 'find 黄河路 100号'],
    ['f hhl', 'find hhl'],
    ['find 交警', 'find 交警'],
    ['关 I3 无患者', 'close I3 noPatient'],
    ['x I3 treated on scene', 'close I3 treatedOnScene'],
    ['x I3 refused 家属签字', 'close I3 refused 家属签字'],
    ['close . hzjs', 'close I3 refused'],
  ])('%s is read as: %s', (line, order) => {
    expect(said(line)).toBe(order);
  });

  it.each([
    '派　Ａ１２　Ｉ３',
    '派A12，I3',
    '派A12、I3',
    '派,a12,ｉ3',
    ' 派  A12 I3 ',
    '派 0012 I3',
    '派 A12 。',
    'ｐ Ａ１２ ．',
  ])('means the same in any width and with any separator: %s', (line) => {
    expect(said(line)).toBe('dispatch A12 I3');
  });

  it('takes what Shift+6 writes in a Chinese input method for ^', () => {
    expect(said('派 A12 ……')).toBe('dispatch A12 I2');
    expect(said('派 A12 ＾')).toBe('dispatch A12 I2');
  });

  it.each([
    ['飞 A12 I3', 'verbUnknown'],
    ['派 Z99 I3', 'unitUnknown'],
    ['派 12 I3', 'unitUnknown'],
    ['派 A12 I77', 'incidentUnknown'],
    ['派 A12 A12 I3', 'unitTwice'],
    ['派 A12 I3 A07', 'tooMuch'],
    ['派 A04 I3', 'unitBusy'],
    ['派 A12 I8', 'closed'],
    ['撤 A12 误派', 'unitIdle'],
    ['撤 A05 误派', 'withPatient'],
    ['改 A12 I3', 'unitIdle'],
    ['改 A04 I2', 'sameIncident'],
    ['改 A05 I3', 'withPatient'],
    ['改 A04 I8', 'closed'],
    ['并 I3 I8', 'closed'],
    ['并 I8 I3', 'closed'],
    ['并 I3 .', 'mergedIntoItself'],
    ['并 I2 I3', 'unitsActive'],
    ['待 A04 市中医院', 'unitBusy'],
    ['待 A66 市中医院', 'unitAway'],
    ['待 A12 黄河路', 'postUnknown'],
    ['待 A12 A07', 'postUnknown'],
    ['派 A66 I3', 'unitAway'],
    ['态 A04 飞行', 'statusUnknown'],
    ['态 A04 送达医院', 'notNext'],
    ['态 A12 到达', 'unitIdle'],
    ['态 A09 离开现场', 'needsHospital'],
    ['态 A04 到达 10:30', 'timeBad'],
    ['态 A04 到达 @25:00', 'timeBad'],
    ['级 I3 5', 'priorityUnknown'],
    ['级 I3 2', 'samePriority'],
    ['级 I8 1', 'closed'],
    ['院 A09 协和', 'hospitalUnknown'],
    ['院 A04 市人民医院', 'notNext'],
    ['定 某处', 'thingUnknown'],
    ['关 I3 痊愈', 'dispositionUnknown'],
    ['关 I2 已送医', 'unitsActive'],
    ['关 I8 已送医', 'closed'],
    [`撤 A04 ${'长'.repeat(201)}`, 'tooLong'],
  ])('is not run when it is wrong: %s (%s)', (line, code) => {
    expect(said(line)).toBe(`refused ${code}`);
  });

  it('opens an incident at a place of the gazetteer, of the type that the words speak of, for the call at this seat', () => {
    const call = { id: 'call-1', number: '138****0001', receivedAt: '2026-11-30T02:59:00Z' };
    const places = { word: '黄河路100号', found: [place('黄河路100号', '东营区'), place('黄河路100号院', '东营区')] };
    const reading = (line: string, more = {}) => read(line, { ...world, places, ...more });
    expect(reading('新 黄河路100号 两车相撞 有人被困', { speaking: call })).toMatchObject({
      order: {
        verb: 'new',
        place: { name: '黄河路100号' },
        complaint: '两车相撞 有人被困',
        type: { code: 'trafficInjury' },
        priority: 1,
        call,
      },
    });
    expect(reading('n 黄河路100号，腿疼')).toMatchObject({ order: { type: { code: 'medical' }, priority: 2, call: null } });
    expect(reading('新 黄河路100号')).toEqual({ kind: 'unfinished', verb: 'new', wants: 'complaint' });
  });

  it('waits for the gazetteer, and runs nothing where it has several places or none', () => {
    const at = (found: string[]) => ({
      ...world,
      places: { word: '济南路', found: found.map((district) => place('济南路', district)) },
    });
    expect(read('新 济南路 胸痛', world)).toEqual({ kind: 'unfinished', verb: 'new', wants: 'place' });
    expect(read('新 济南路 胸痛', at(['东营区', '垦利区']))).toEqual({
      kind: 'ambiguous',
      word: '济南路',
      meant: ['济南路 (东营区)', '济南路 (垦利区)'],
    });
    expect(brief(read('新 济南路 胸痛', at([])))).toBe('refused placeUnknown');
    expect(
      brief(
        read('新 垦利区济南路 胸痛', {
          ...at(['东营区', '垦利区']),
          places: { word: '垦利区济南路', found: [place('济南路', '垦利区')] },
        }),
      ),
    ).toContain('new');
  });

  it('answers the call that rings longest, from a seat alone', () => {
    const ringing = { id: 'call-1', number: null, receivedAt: '2026-11-30T02:59:00Z' };
    expect(read('接', { ...world, ringing, seat: '21' })).toMatchObject({ order: { verb: 'answer', call: ringing } });
    expect(brief(read('a', { ...world, ringing }))).toBe('refused noSeat');
    expect(brief(read('answer', { ...world, seat: '21' }))).toBe('refused noneRinging');
  });

  it('names the incident of a busy unit, and what a unit may do next', () => {
    expect(read('派 A04 I3', world)).toMatchObject({ why: { facts: { unit: 'A04', incident: 'I2' } } });
    expect(read('态 A04 送达医院', world)).toMatchObject({ why: { status: 'enRoute', next: ['onScene'] } });
  });

  it.each([
    ['派 0007 I3', ['A07 (鲁E·A0007)', '0007 (鲁E·B1111)']],
    ['级 I9 1', ['I9 (10:00:00)', 'I9 (11-29 20:00)']],
    ['院 A09 市', ['市人民医院', '市中医院']],
  ])('that means several things runs none of them, and says which: %s', (line, meant) => {
    const reading = read(line, world);
    expect(reading.kind === 'ambiguous' && reading.meant).toEqual(meant);
  });

  it('takes a word that is the whole sign of one thing for that one, though others begin so', () => {
    // 送 stands on the chip of a unit with a patient on board; 送达 begins so, too.
    expect(read('态 A05 送', world)).toMatchObject({ why: { code: 'notNext', status: 'leftScene' } });
    expect(said('态 A05 送达')).toBe('status A05 atDestination');
  });

  it('that points at nothing says so', () => {
    expect(brief(read('派 A12 .', { ...world, selectedId: null }))).toBe('refused noneSelected');
    expect(brief(read('派 A12 ^', { ...world, previousId: null }))).toBe('refused noPrevious');
  });

  it('reads a time that is still to come as that of yesterday', () => {
    expect(said('态 A04 到达 @23:59')).toBe('status A04 onScene 2026-11-29T15:59:00.000Z');
  });

  it('tells what is missing while it is written', () => {
    const wants = (line: string) => {
      const reading = read(line, world);
      return reading.kind === 'unfinished' ? reading.wants : reading.kind;
    };
    expect(
      [
        '',
        'disp',
        '派',
        '派 A',
        '派 A12',
        '派 A12 ',
        '派 A12 I',
        '派 A12 A',
        '撤 A04',
        '级 I3',
        '记 I3',
        '院 A09 胜',
        '关 I3 ',
      ].map(wants),
    ).toEqual([
      'blank',
      'verb',
      'units',
      'units',
      'incident',
      'incident',
      'incident',
      'units',
      'reason',
      'priority',
      'text',
      'order',
      'disposition',
    ]);
  });
});

describe('whatever is typed', () => {
  const lines = verbs.flatMap(({ zh, letter, name }) =>
    [zh, letter, name].flatMap((verb) => [
      `${verb} A12、A07，I3 无患者 @10:30`,
      `${verb} I3 1 文字`,
      `${verb}　．　……　＠`,
      `${verb} A04 到达 @10:3`,
    ]),
  );
  const pieces = [...'派pA12，、 　.^I3@:。…🚑é\u0000\u202E%()[]*+?\\', '鲁E', 'I', '𠀀', '\uD83D'];

  it('no beginning of a line throws', () => {
    for (const line of lines) {
      for (let end = 0; end <= line.length; end++) {
        expect(() => read(line.slice(0, end), world)).not.toThrow();
      }
    }
  });

  it('no heap of characters throws, nor becomes an order to units by chance', () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 3000; round++) {
      const line = Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join('');
      const reading = read(line, world);
      if (reading.kind === 'order' && reading.order.verb === 'dispatch') {
        expect(line.normalize('NFKC')).toMatch(/A12/i);
      }
    }
  });
});
