import type { Bilingual, Priority } from '../api/contract';
import { initialsOf, plain } from '../command/names';
import type { Draft } from '../incidents/draft';
import { findKeyWords, type KeyWordHit, type KeyWordTable, rankOf } from './keywords';

// What a call taker is led by: which protocol the complaint finds, where the answers lead, what they make of the draft. All of it without
// asking the server, which walks the same answers again when it keeps them.

interface Answer extends Bilingual {
  code: string;
  /** The question that it leads to, or else the determinant that it ends with. */
  next: string | null;
  end: string | null;
}

export interface Question {
  ask: Bilingual;
  short: string;
  answers: readonly Answer[];
}

export interface Determinant extends Bilingual {
  level: string;
  crew: 'als' | 'bls';
  secondUnit: boolean;
  hospital: string | null;
  instructions: string;
}

export interface Instructions {
  steps: readonly Bilingual[];
  source: string;
  cpr: { perMinute: number } | null;
}

export interface Protocol {
  code: string;
  version: number;
  /** Null: no medical director has approved it yet. */
  approvedBy: string | null;
  name: Bilingual;
  words: readonly string[];
  begin: string;
  questions: Readonly<Record<string, Question>>;
  determinants: Readonly<Record<string, Determinant>>;
  instructions: Readonly<Record<string, Instructions>>;
}

export interface TriageReference {
  protocols: readonly Protocol[];
  keyWords: KeyWordTable;
  levels: readonly { code: string; name: string; nameEn: string }[];
}

export interface Given {
  question: string;
  answer: string;
}

interface Asked extends Given {
  protocol: string;
  version: number;
}

/** What was asked so far of the call that is typed of. */
export interface DraftTriage {
  /** The protocol that is asked by now; null while none is chosen. */
  protocol: string | null;
  /** Every answer in the order in which it was given, also by a protocol that was left; of those to one question the last counts. */
  answers: readonly Asked[];
  /** So many of them the server has. */
  kept: number;
  /** The priority that the answers gave: theirs to change, until somebody chooses. */
  priority: Priority | null;
}

export const noTriage: DraftTriage = { protocol: null, answers: [], kept: 0, priority: null };

/** A transfer waits with those that are not urgent. */
export const priorityOf = (level: string): Priority => Math.min(rankOf(level) + 1, 4) as Priority;

const most = 8;

/** Those that the complaint speaks of, the longest word first; else those whose name or initials it begins; last the one for all else. */
export function protocolsFor(protocols: readonly Protocol[], complaint: string): Protocol[] {
  const said = plain(complaint);
  const longest = ({ words }: Protocol) =>
    Math.max(0, ...words.map(plain).map((word) => (said.includes(word) ? word.length : 0)));
  const isBegun = ({ name }: Protocol) =>
    [name.zh, name.en].some((one) => plain(one).startsWith(said) || initialsOf(one).startsWith(said));
  const meant = protocols.filter((one) => longest(one) > 0).sort((one, other) => longest(other) - longest(one));
  const begun = said === '' ? [] : protocols.filter((one) => !meant.includes(one) && isBegun(one));
  const rest = protocols.filter((one) => one.code === 'other' && !meant.includes(one) && !begun.includes(one));
  return [...[...meant, ...begun].slice(0, most), ...rest];
}

const asksBy = (protocol: Protocol) => (given: Asked) => given.protocol === protocol.code && given.version === protocol.version;

export const walked = (protocol: Protocol, triage: DraftTriage) => walk(protocol, triage.answers.filter(asksBy(protocol)));

/** How far the answers lead: those that count, and the question that is next or the determinant that was reached. */
export function walk(protocol: Protocol, answers: readonly Given[]): { path: Given[]; next: string | null; end: string | null } {
  const last = new Map(answers.map(({ question, answer }) => [question, answer]));
  const path: Given[] = [];
  let next: string | null = protocol.begin;
  let end: string | null = null;
  while (next !== null) {
    const question: string = next;
    const answer: Answer | undefined = protocol.questions[question]?.answers.find(({ code }) => code === last.get(question));
    if (!answer) {
      break;
    }
    path.push({ question, answer: answer.code });
    next = answer.next;
    end = answer.end;
  }
  return { path, next, end };
}

/** What another complaint changes: a key word that was not there before raises at once, whoever chose the priority. */
export function typed(draft: Draft, complaint: string, table: KeyWordTable | undefined): Partial<Draft> {
  const before = table && findKeyWords(table, draft.complaint)[0];
  const now = table && findKeyWords(table, complaint)[0];
  const isNew = now !== undefined && (before === undefined || rankOf(now.level) < rankOf(before.level));
  const priority = now && priorityOf(now.level);
  return { complaint, ...(isNew && priority && priority < draft.priority ? { priority, isPriorityChosen: true } : {}) };
}

export const heardIn = (table: KeyWordTable, complaint: string): KeyWordHit | undefined => findKeyWords(table, complaint)[0];

/** What an answer changes: the level that is reached gives the priority, but never lowers what somebody chose. */
export function answered(draft: Draft, protocol: Protocol, given: Given): Partial<Draft> {
  const answers = [...draft.triage.answers, { protocol: protocol.code, version: protocol.version, ...given }];
  const { path, end } = walk(protocol, answers.filter(asksBy(protocol)));
  const level = end === null ? undefined : protocol.determinants[end]?.level;
  const reached = level === undefined ? null : priorityOf(level);
  const isOurs = !draft.isPriorityChosen || draft.priority === draft.triage.priority;
  const gives = reached !== null && (isOurs || reached < draft.priority);
  return {
    triage: { ...draft.triage, answers, priority: gives ? reached : draft.triage.priority },
    facts: { ...draft.facts, ...factsIn(path) },
    ...(gives ? { priority: reached, isPriorityChosen: true } : {}),
  };
}

/** Consciousness and breathing are asked once. */
function factsIn(path: readonly Given[]): Partial<Draft['facts']> {
  const said = (question: string) => path.find((given) => given.question === question)?.answer;
  const [conscious, breathing, chest] = [said('conscious'), said('breathing'), said('chest')];
  return {
    ...(conscious === 'yes' || conscious === 'no' ? { conscious } : {}),
    ...(breathing || chest === 'normal' ? { breathing: 'yes' as const } : {}),
    ...(chest === 'no' || chest === 'gasping' ? { breathing: 'no' as const } : {}),
  };
}
