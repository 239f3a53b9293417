import { completed, type Draft, isDraft, newDraft } from '../incidents/draft';

// What was typed of a call may be in this browser, beside the call on the server, or nowhere yet. Pure.

/** The newer of both; the one of this browser where they are equally old. Whatever is no draft of ours counts as none. */
export function newerDraft(local: Draft | undefined, kept: unknown): Draft | undefined {
  if (!isDraft(kept)) {
    return local;
  }
  return local && (local.savedAt ?? 0) >= (kept.savedAt ?? 0) ? local : kept;
}

/** The draft to go on with when a call is opened. Its times are those of the call, which began before anybody typed. */
export function draftOfCall(
  call: { id: string; receivedAt: string },
  local: Draft | undefined,
  kept: unknown,
  newId: () => string,
): Draft {
  const known = newerDraft(local, kept);
  return known
    ? { ...completed(known), callId: call.id }
    : { ...newDraft(newId(), Date.parse(call.receivedAt)), callId: call.id };
}

/** What of a draft an incident that is merged into would else lose; null where nothing was typed. */
export function wordsOf({ address, detail, complaint, facts }: Draft): string | null {
  const words = [complaint, address, detail, facts.remarks].map((text) => text.trim()).filter((text) => text !== '');
  return words.length > 0 ? words.join('; ').slice(0, 1000) : null;
}
