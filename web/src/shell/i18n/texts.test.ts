import { describe, expect, it } from 'vitest';
import { en } from './en';
import { zh } from './zh';

function flatten(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flatten(value as object, `${path}${key}.`),
  );
}

const chinese = new Map(flatten(zh));
const english = new Map(flatten(en));
const blanks = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

describe('the texts', () => {
  it('exist in both languages, with the same blanks', () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
    for (const [key, text] of chinese) {
      expect([key, blanks(english.get(key) ?? '')]).toEqual([key, blanks(text)]);
    }
  });

  it('never cancel, exclaim or ask to try later', () => {
    for (const [key, text] of chinese) {
      // 来电人取消 is what a caller did, not a button.
      expect([key, text.replaceAll('来电人取消', '')]).not.toEqual([key, expect.stringMatching(/取消|[!!]|请稍后再试/)]);
    }
  });

  it('say in the degraded band what failed, what to do and a code', () => {
    for (const text of [...Object.values(zh.band), ...Object.values(en.band)]) {
      expect(text).toMatch(/E-[A-Z]{3}-\d{3}$/);
    }
  });
});
