import { describe, expect, it } from 'vitest';
import table from '../../../src/GeoDispatch.Ems/Triage/keywords.json';
import { newDraft } from '../incidents/draft';
import { answered, noTriage, type Protocol, protocolsFor, typed, walked } from './triage';

const answer = (code: string, to: { next?: string; end?: string }) => ({
  code,
  zh: code,
  en: code,
  next: null,
  end: null,
  ...to,
});
const question = (...answers: ReturnType<typeof answer>[]) => ({ ask: { zh: '问', en: 'Ask' }, short: '问', answers });
const determinant = (level: string) => ({
  zh: '判定',
  en: 'Determinant',
  level,
  crew: 'als' as const,
  secondUnit: false,
  hospital: null,
  instructions: 'wait',
});

const protocol = (code: string, zh: string, words: string[]): Protocol => ({
  code,
  version: 1,
  approvedBy: null,
  name: { zh, en: code },
  words,
  begin: 'conscious',
  questions: {
    conscious: question(answer('yes', { next: 'breathing' }), answer('no', { next: 'chest' })),
    breathing: question(answer('normal', { next: 'first' }), answer('hard', { end: '00-1C' })),
    chest: question(answer('normal', { end: '00-1B' }), answer('no', { end: '00-1A' })),
    first: question(answer('yes', { end: '02-2A' }), answer('no', { end: '02-4A' })),
  },
  determinants: {
    '00-1A': determinant('1'),
    '00-1B': determinant('1'),
    '00-1C': determinant('1'),
    '02-2A': determinant('2'),
    '02-4A': determinant('4'),
  },
  instructions: {},
});

const chestPain = protocol('chestPain', '胸痛', ['胸痛', '胸闷']);
const all = [chestPain, protocol('child', '儿科急症', ['孩子']), protocol('other', '其他', ['不舒服'])];
const draft = newDraft('id-1', 0);
const give = (start: typeof draft, ...given: [string, string][]) =>
  given.reduce(
    (now, [asked, code]) => Object.assign(structuredClone(now), answered(now, chestPain, { question: asked, answer: code })),
    start,
  );

describe('the protocol of a complaint', () => {
  const found = (complaint: string) => protocolsFor(all, complaint).map(({ code }) => code);

  it('is found by what the caller says, by its name and by the initials of its pinyin; for all else there is one', () => {
    expect(found('孩子胸痛')).toEqual(['chestPain', 'child', 'other']);
    expect(found('xt')).toEqual(['chestPain', 'other']);
    expect(found('ch')).toEqual(['chestPain', 'child', 'other']);
    expect(found('摔了')).toEqual(['other']);
  });
});

describe('an answer', () => {
  it('leads to the next question and at last to a level, which is the priority then', () => {
    const asked = give(draft, ['conscious', 'yes'], ['breathing', 'normal']);
    expect(walked(chestPain, asked.triage).next).toBe('first');
    expect(asked.priority).toBe(2);
    const ended = give(asked, ['first', 'no']);
    expect([walked(chestPain, ended.triage).end, ended.priority]).toEqual(['02-4A', 4]);
  });

  it('that is corrected leads elsewhere, and the priority goes with it', () => {
    const ended = give(draft, ['conscious', 'yes'], ['breathing', 'normal'], ['first', 'no'], ['first', 'yes']);
    expect(ended.priority).toBe(2);
    expect(give(ended, ['conscious', 'no'], ['chest', 'no']).priority).toBe(1);
    expect(ended.triage.answers).toHaveLength(4);
  });

  it('never lowers what somebody chose, and raises it', () => {
    const chosen = { ...draft, priority: 1 as const, isPriorityChosen: true };
    expect(give(chosen, ['conscious', 'yes'], ['breathing', 'normal'], ['first', 'no']).priority).toBe(1);
    const low = { ...draft, priority: 3 as const, isPriorityChosen: true };
    expect(give(low, ['conscious', 'yes'], ['breathing', 'hard']).priority).toBe(1);
  });

  it('on consciousness and breathing is not asked a second time', () => {
    expect(give(draft, ['conscious', 'yes'], ['breathing', 'hard']).facts).toMatchObject({ conscious: 'yes', breathing: 'yes' });
    expect(give(draft, ['conscious', 'no'], ['chest', 'no']).facts).toMatchObject({ conscious: 'no', breathing: 'no' });
  });

  it('of another protocol stays kept and counts no more', () => {
    const asked = give(draft, ['conscious', 'no']);
    const child = all[1];
    expect(child && walked(child, asked.triage).next).toBe('conscious');
    expect(asked.triage.answers).toHaveLength(1);
    expect(noTriage.answers).toHaveLength(0);
  });
});

describe('a key word in the complaint', () => {
  const type = (start: typeof draft, complaint: string) => ({ ...start, ...typed(start, complaint, table) });

  it('raises with the keystroke that ends it, whoever chose the priority', () => {
    const chosen = { ...draft, priority: 3 as const, isPriorityChosen: true };
    expect(type(chosen, '没有呼').priority).toBe(3);
    expect(type(type(chosen, '没有呼'), '没有呼吸').priority).toBe(1);
  });

  it('does not raise again what somebody lowered, until a worse one comes', () => {
    const lowered = { ...type(draft, '喘不上气'), priority: 3 as const };
    expect(type(lowered, '喘不上气 老人').priority).toBe(3);
    expect(type(lowered, '喘不上气 没反应').priority).toBe(1);
  });

  it('lowers nothing and is not missed where the table could not be read', () => {
    expect(type({ ...draft, priority: 1 }, '胸痛').priority).toBe(1);
    expect(typed(draft, '没有呼吸', undefined)).toEqual({ complaint: '没有呼吸' });
  });
});
