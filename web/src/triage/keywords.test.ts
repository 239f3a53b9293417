import { describe, expect, it } from 'vitest';
import table from '../../../src/GeoDispatch.Ems/Triage/keywords.json';
import cases from '../../../tests/GeoDispatch.Ems.Tests/Triage/keyword-cases.json';
import { findKeyWords } from './keywords';

describe('the words of a caller', () => {
  it.each(cases)('$text raises as the server says: $level', ({ text, word, level }) => {
    const [hit] = findKeyWords(table, text);
    expect([hit?.word ?? null, hit?.level ?? null]).toEqual([word, level]);
  });

  it('raise with the keystroke that ends the word', () => {
    const said = '老人倒在地上没有呼吸';
    const typed = [...said].map((_, at) => said.slice(0, at + 1));
    expect(typed.find((text) => findKeyWords(table, text).some(({ level }) => level === '1'))).toBe(said);
  });
});
