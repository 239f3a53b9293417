import type { Bilingual } from '../api/contract';

// Words that raise before any question is answered. The server finds them alike when it keeps what was said; both are held to one table of
// cases (tests/GeoDispatch.Ems.Tests/Triage/keyword-cases.json).

export interface KeyWordTable {
  /** Right before any word these take its meaning away: 不是, 没有. */
  notAfter: readonly string[];
  /** These end like one of those and do not take it away: 是不是. */
  stillAfter: readonly string[];
  groups: readonly KeyWordGroup[];
}

interface KeyWordGroup {
  level: string;
  reason: Bilingual;
  words: readonly string[];
  /** As the table's, for these words alone: 有 before 没有呼吸 makes it a question. */
  notAfter: readonly string[];
  /** What makes another word of it: 困难 after 没有呼吸. */
  notBefore: readonly string[];
}

export interface KeyWordHit {
  level: string;
  word: string;
  reason: Bilingual;
  /** Where it stands in the text without spaces. */
  at: number;
}

const levels = ['1', '2', '3', '4', 'T'];

/** 0 for the most urgent. */
export const rankOf = (level: string): number => levels.indexOf(level);

/** Wide letters narrow, small letters of ASCII, no spaces. Punctuation stays: it ends what 不是 speaks of. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[ \t\r\n]/g, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The most urgent first; of the same level the first in the text, then the longest. */
export function findKeyWords(table: KeyWordTable, text: string): KeyWordHit[] {
  const said = plain(text);
  const hits: KeyWordHit[] = [];
  for (const group of table.groups) {
    for (const word of group.words) {
      const wanted = plain(word);
      for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
        if (means(table, group, said.slice(0, at), said.slice(at + wanted.length))) {
          hits.push({ level: group.level, word, reason: group.reason, at });
        }
      }
    }
  }
  return hits.sort((a, b) => rankOf(a.level) - rankOf(b.level) || a.at - b.at || b.word.length - a.word.length);
}

function means(table: KeyWordTable, group: KeyWordGroup, before: string, after: string): boolean {
  const ends = (starts: readonly string[]) => starts.some((start) => before.endsWith(plain(start)));
  return (
    !group.notBefore.some((end) => after.startsWith(plain(end))) &&
    (ends(table.stillAfter) || !(ends(table.notAfter) || ends(group.notAfter)))
  );
}
