import { Problem, request } from '../api/request';
import { newId } from '../api/server';
import type { Draft } from '../incidents/draft';

export type Subject = { callId: string } | { incidentId: string };

export interface Entry {
  commandId: string;
  protocol: string | null;
  version: number | null;
  answers: { question: string; answer: string }[];
  words: string | null;
}

/** At most so many answers go with one command. */
const most = 20;

const post = (subject: Subject, entry: Entry): Promise<unknown> =>
  request('POST', 'callId' in subject ? `/api/calls/${subject.callId}/triage` : `/api/incidents/${subject.incidentId}/triage`, {
    body: entry,
  });

/** The answers from one on, as far as they are of one protocol and fit into one command. */
function entryFrom({ triage }: Draft, from: number): Entry {
  const first = triage.answers[from];
  const rest = triage.answers.slice(from, from + most);
  const other = rest.findIndex(({ protocol, version }) => protocol !== first?.protocol || version !== first?.version);
  return {
    commandId: newId(),
    protocol: first?.protocol ?? null,
    version: first?.version ?? null,
    answers: rest.slice(0, other < 0 ? rest.length : other).map(({ question, answer }) => ({ question, answer })),
    words: null,
  };
}

/**
 * Sends the answers of drafts to where they are kept, one command after the other. A command that may have got through is sent again as it was;
 * one that was refused is not.
 */
export class TriageKeeper {
  private readonly kept = new Map<string, number>();
  private readonly tried = new Map<string, Entry>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly send: (subject: Subject, entry: Entry) => Promise<unknown> = post) {}

  /**
   * Done once all of the draft is kept or refused, or nobody answers.
   * @returns how many answers need not be sent again, and what went wrong.
   */
  keep(subject: Subject, draft: Draft, withWords = false): Promise<{ kept: number; problem: Problem | null }> {
    const turn = this.queue.then(() => this.keepAll(subject, draft, withWords));
    this.queue = turn.catch(() => {});
    return turn;
  }

  private async keepAll(subject: Subject, draft: Draft, withWords: boolean) {
    let problem: Problem | null = null;
    let kept = Math.max(draft.triage.kept, this.kept.get(draft.commandId) ?? 0);
    while (kept < draft.triage.answers.length && !problem?.isPassing) {
      const entry = this.once(`${draft.commandId} ${kept}`, () => entryFrom(draft, kept));
      problem = (await this.try(subject, entry)) ?? problem;
      kept += problem?.isPassing ? 0 : entry.answers.length;
      this.kept.set(draft.commandId, kept);
    }
    const words = draft.complaint.trim().slice(0, 200);
    if (withWords && words !== '' && !problem?.isPassing) {
      const entry = this.once(`${draft.commandId} ${words}`, () => ({
        commandId: newId(),
        protocol: null,
        version: null,
        answers: [],
        words,
      }));
      problem = (await this.try(subject, entry)) ?? problem;
    }
    return { kept, problem };
  }

  private once(key: string, make: () => Entry): Entry {
    const entry = this.tried.get(key) ?? make();
    this.tried.set(key, entry);
    return entry;
  }

  private async try(subject: Subject, entry: Entry): Promise<Problem | null> {
    try {
      await this.send(subject, entry);
      return null;
    } catch (failure) {
      if (failure instanceof Problem) {
        return failure;
      }
      throw failure;
    }
  }
}

const keeper = new TriageKeeper();

export const keepAnswers = (subject: Subject, draft: Draft) => keeper.keep(subject, draft);

const tries = 10;
const pauseMs = 3000;

/**
 * All of a draft with the caller's words, tried for half a minute: the form that it came from is closed by then. Of an event at which nobody was
 * asked or cried out there is nothing to keep.
 */
export async function keepRest(draft: Draft, incidentId: string, isHeard: boolean): Promise<void> {
  if (draft.triage.answers.length === 0 && !isHeard) {
    return;
  }
  const subject = draft.callId === null ? { incidentId } : { callId: draft.callId };
  for (let attempt = 1; attempt <= tries; attempt++) {
    const { problem } = await keeper.keep(subject, draft, true);
    if (!problem?.isPassing) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
