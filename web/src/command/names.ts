import type { Disposition, IncidentSummary, Milestone } from '../api/contract';
import { fold } from '../shell/find';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import type { UnitView } from '../units/api';

// Which thing a word means: by its name in either language, its beginning, or the initials of its pinyin.

// The first Hanzi of each letter in the order of pinyin (Unicode CLDR, collation `zh`): no word begins with i, u or v.
const firsts = 'a阿 b八 c嚓 d哒 e妸 f发 g旮 h哈 j讥 k咔 l垃 m妈 n拏 o噢 p妑 q七 r呥 s仨 t他 w穵 x夕 y丫 z帀'.split(' ');
const byPinyin = new Intl.Collator('zh-CN-u-co-pinyin');
const isHan = /\p{Script=Han}/u;

/** `胜利医院` → `slyy`. Of a character with several readings the usual one. What is no Hanzi stays. */
export function initialsOf(text: string): string {
  return [...plain(text)].map((char) => (isHan.test(char) ? initialOf(char) : char)).join('');
}

function initialOf(char: string): string {
  const at = firsts.findLastIndex((first) => byPinyin.compare(char, first.slice(1)) >= 0);
  return firsts[at]?.slice(0, 1) ?? char;
}

/** As one word of a line: nothing in it separates. */
export const plain = (text: string): string => fold(text).replace(/[,，、]/g, '');

/**
 * What a word may mean: the things that it names whole, else those whose initials it is, else those whose name or initials it begins or
 * (from two characters on) is a part of.
 */
export function meantBy<Thing>(word: string, things: readonly Thing[], namesOf: (thing: Thing) => readonly string[]): Thing[] {
  const wanted = plain(word);
  if (wanted === '') {
    return [];
  }
  const isPart = (name: string) => name.startsWith(wanted) || (wanted.length > 1 && name.includes(wanted));
  const ways: ((name: string) => boolean)[] = [
    (name) => plain(name) === wanted,
    (name) => initialsOf(name) === wanted,
    (name) => isPart(plain(name)) || isPart(initialsOf(name)),
  ];
  for (const way of ways) {
    const meant = things.filter((thing) => namesOf(thing).some(way));
    if (meant.length > 0) {
      return meant;
    }
  }
  return [];
}

export const milestones = Object.keys(zh.milestones) as Milestone[];
/** A duplicate ends by being merged: which incident goes on must be said. */
export const dispositions = (Object.keys(zh.dispositions) as Disposition[]).filter((code) => code !== 'duplicate');

export const milestoneNames = (milestone: Milestone): string[] => [
  zh.milestones[milestone],
  zh.states[milestone],
  en.milestones[milestone],
  en.states[milestone],
  milestone,
  // Back at its station a unit bears the sign of any that is free: the sign means free.
  ...(milestone === 'backAtStation' ? [] : [zh.chips[milestone], en.chips[milestone]]),
];

export const dispositionNames = (disposition: Disposition): string[] => [
  zh.dispositions[disposition],
  en.dispositions[disposition],
  disposition,
];

/** Digits and letters: the call sign, or the last four of the plate. Never a part of one: who is sent must be named whole. */
export function unitsCalled<Unit extends Pick<UnitView, 'callSign' | 'plate'>>(word: string, units: readonly Unit[]): Unit[] {
  const wanted = fold(word);
  return units.filter(
    ({ callSign, plate }) => fold(callSign) === wanted || (wanted.length === 4 && fold(plate).endsWith(wanted)),
  );
}

/** Numbers begin anew each day: one of yesterday and one of today may both be open. */
export function incidentsCalled<Incident extends Pick<IncidentSummary, 'number'>>(
  word: string,
  incidents: readonly Incident[],
): Incident[] {
  return incidents.filter(({ number }) => fold(number) === fold(word));
}

export const isSelected = (folded: string): boolean => folded === '.' || folded === '。';

/** With a Chinese input method Shift+6 writes two ellipses, which NFKC makes six dots. */
export const isPrevious = (folded: string): boolean => folded === '^' || folded === '......';

/** Looks like an incident, whether there is one or not: here the units end. */
export const looksLikeIncident = (folded: string): boolean =>
  isSelected(folded) || isPrevious(folded) || /^i[0-9]+$/.test(folded);
