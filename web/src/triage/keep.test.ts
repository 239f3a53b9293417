import { describe, expect, it } from 'vitest';
import { Problem } from '../api/request';
import { newDraft } from '../incidents/draft';
import { type Entry, TriageKeeper } from './keep';
import { noTriage } from './triage';

const said = { zh: '', en: '' };
const away = new Problem(0, 'network.unreachable', said, said);
const refused = new Problem(409, 'triage.protocol_changed', said, said);

const asked = (...questions: string[]) => ({
  ...newDraft('id-1', 0),
  complaint: '胸痛',
  triage: {
    ...noTriage,
    answers: questions.map((one) => {
      const [protocol = '', question = ''] = one.split('.');
      return { protocol, version: 1, question, answer: 'yes' };
    }),
  },
});

/** A server that answers as told, then with success. */
function serverOf(...failures: (Problem | null)[]) {
  const got: Entry[] = [];
  const keeper = new TriageKeeper(async (_, entry) => {
    got.push(entry);
    const failure = failures.shift();
    if (failure) {
      throw failure;
    }
  });
  return {
    got,
    keeper,
    keep: (draft: ReturnType<typeof asked>, withWords = false) => keeper.keep({ callId: 'c' }, draft, withWords),
  };
}

const questionsOf = (entries: Entry[]) =>
  entries.map(({ protocol, answers }) => [protocol, ...answers.map(({ question }) => question)]);

describe('the answers of a call', () => {
  it('go to the server once each, a command for each protocol', async () => {
    const { got, keep } = serverOf();
    expect(await keep(asked('a.q1', 'a.q2', 'b.q1'))).toEqual({ kept: 3, problem: null });
    await keep(asked('a.q1', 'a.q2', 'b.q1', 'b.q2'));
    expect(questionsOf(got)).toEqual([
      ['a', 'q1', 'q2'],
      ['b', 'q1'],
      ['b', 'q2'],
    ]);
  });

  it('that may have got through are sent again as the same command, those that came since as another', async () => {
    const { got, keep } = serverOf(away);
    expect((await keep(asked('a.q1'))).kept).toBe(0);
    expect((await keep(asked('a.q1', 'a.q2'))).kept).toBe(2);
    expect(questionsOf(got)).toEqual([
      ['a', 'q1'],
      ['a', 'q1'],
      ['a', 'q2'],
    ]);
    expect(got[1]).toBe(got[0]);
  });

  it('that were refused are said and not sent again', async () => {
    const { got, keep } = serverOf(refused);
    expect(await keep(asked('a.q1'))).toEqual({ kept: 1, problem: refused });
    await keep(asked('a.q1'));
    expect(got).toHaveLength(1);
  });

  it('end with the words of the caller', async () => {
    const { got, keep } = serverOf();
    await keep(asked('a.q1'), true);
    expect(got.map(({ words }) => words)).toEqual([null, '胸痛']);
  });

  it('are sent one command after the other, however fast they are given', async () => {
    const { got, keep } = serverOf();
    await Promise.all([keep(asked('a.q1')), keep(asked('a.q1', 'a.q2')), keep(asked('a.q1', 'a.q2'))]);
    expect(questionsOf(got)).toEqual([
      ['a', 'q1'],
      ['a', 'q2'],
    ]);
  });
});
