// What the command line understands: `line = verb arg*`. A verb is one Hanzi, one letter or an English word.

export type VerbName =
  | 'answer'
  | 'new'
  | 'dispatch'
  | 'recall'
  | 'divert'
  | 'status'
  | 'priority'
  | 'note'
  | 'merge'
  | 'hospital'
  | 'standby'
  | 'locate'
  | 'open'
  | 'find'
  | 'close'
  | 'mute';

/** What stands at a place of the line. `time`, `why` and `remark` may be left out. */
export type Slot =
  | 'verb'
  | 'place'
  | 'complaint'
  | 'units'
  | 'unit'
  | 'incident'
  | 'into'
  | 'reason'
  | 'why'
  | 'status'
  | 'time'
  | 'priority'
  | 'text'
  | 'hospital'
  | 'post'
  | 'thing'
  | 'disposition'
  | 'remark';

export interface Verb {
  /** The English word, too. */
  name: VerbName;
  zh: string;
  letter: string;
  slots: readonly Slot[];
}

export const verbs: readonly Verb[] = [
  { name: 'answer', zh: '接', letter: 'a', slots: [] },
  { name: 'new', zh: '新', letter: 'n', slots: ['place', 'complaint'] },
  { name: 'dispatch', zh: '派', letter: 'p', slots: ['units', 'incident'] },
  { name: 'recall', zh: '撤', letter: 'c', slots: ['unit', 'reason'] },
  { name: 'divert', zh: '改', letter: 'g', slots: ['unit', 'incident', 'why'] },
  { name: 'status', zh: '态', letter: 's', slots: ['unit', 'status', 'time'] },
  { name: 'priority', zh: '级', letter: 'j', slots: ['incident', 'priority'] },
  { name: 'note', zh: '记', letter: 'm', slots: ['incident', 'text'] },
  { name: 'merge', zh: '并', letter: 'b', slots: ['incident', 'into'] },
  { name: 'hospital', zh: '院', letter: 'y', slots: ['unit', 'hospital'] },
  { name: 'standby', zh: '待', letter: 'd', slots: ['unit', 'post'] },
  { name: 'locate', zh: '定', letter: 'l', slots: ['thing'] },
  { name: 'open', zh: '开', letter: 'o', slots: ['thing'] },
  { name: 'find', zh: '查', letter: 'f', slots: ['text'] },
  { name: 'close', zh: '关', letter: 'x', slots: ['incident', 'disposition', 'remark'] },
  { name: 'mute', zh: '静', letter: 'q', slots: [] },
];

export interface Word {
  /** As typed. */
  raw: string;
  /** One width, one case. */
  folded: string;
  start: number;
}

const folded = (raw: string) => raw.normalize('NFKC').toLowerCase();

/**
 * The words of a line, and whether the last one is still being typed. Blanks and commas of both widths separate; a Hanzi that is a verb
 * may stand close to what follows.
 */
export function wordsOf(line: string): { words: Word[]; isLastOpen: boolean } {
  const words = Array.from(line.matchAll(/[^\s,，、､﹐﹑]+/g), (found): Word => {
    return { raw: found[0], folded: folded(found[0]), start: found.index };
  });
  const [first] = words;
  const last = words.at(-1);
  const isLastOpen = last !== undefined && last.start + last.raw.length === line.length;
  if (first && first.raw.length > 1 && verbs.some(({ zh }) => first.raw.startsWith(zh))) {
    const rest = first.raw.slice(1);
    words.splice(
      0,
      1,
      { raw: first.raw.slice(0, 1), folded: folded(first.raw.slice(0, 1)), start: first.start },
      { raw: rest, folded: folded(rest), start: first.start + 1 },
    );
  }
  return { words, isLastOpen };
}

/** The word that names a place of the city, which only the server can look up; empty where the line has none. */
export function placeWordOf(line: string): string {
  const [first, second] = wordsOf(line).words;
  return first && second && verbOf(first)?.slots[0] === 'place' ? second.raw : '';
}

/** The word of the unit that a line brings to a hospital; empty where it does something else. */
export function hospitalUnitOf(line: string): string {
  const [first, second] = wordsOf(line).words;
  return first && second && verbOf(first)?.name === 'hospital' ? second.raw : '';
}

export const verbOf = (word: Word): Verb | null =>
  verbs.find(({ name, zh, letter }) => [name, zh, letter].includes(word.folded)) ?? null;

export const isOptional = (slot: Slot): boolean => slot === 'time' || slot === 'why' || slot === 'remark';
