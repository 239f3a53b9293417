import { describe, expect, it } from 'vitest';
import { newDraft } from '../incidents/draft';
import { atMinute } from '../shell/fixtures';
import { draftOfCall, newerDraft, wordsOf } from './drafts';

const call = { id: 'call-1', receivedAt: atMinute(3) };
const typed = (complaint: string, savedAt: number) => ({ ...newDraft('id-1', 0), callId: 'call-1', complaint, savedAt });

describe('the draft of a call', () => {
  it('is the newer one of this browser and of the server', () => {
    expect(newerDraft(typed('here', 2000), typed('there', 1000))?.complaint).toBe('here');
    expect(newerDraft(typed('here', 1000), typed('there', 2000))?.complaint).toBe('there');
    expect(newerDraft(undefined, typed('there', 2000))?.complaint).toBe('there');
  });

  it('is not what another version or a stranger left there', () => {
    expect(newerDraft(typed('here', 1), { complaint: 'x' })?.complaint).toBe('here');
    expect(newerDraft(undefined, null)).toBeUndefined();
  });

  it('begins with the call where nobody typed yet', () => {
    const draft = draftOfCall(call, undefined, null, () => 'new');
    expect(draft).toMatchObject({ callId: 'call-1', commandId: 'new', startedAt: Date.parse(call.receivedAt), complaint: '' });
  });

  it('says in one line what was typed, for the incident that the call joins', () => {
    expect(wordsOf({ ...typed(' 胸痛 ', 1), address: '黄河路100号' })).toBe('胸痛; 黄河路100号');
    expect(wordsOf(typed('  ', 1))).toBeNull();
  });
});
