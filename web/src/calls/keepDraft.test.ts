import { describe, expect, it } from 'vitest';
import { Problem } from '../api/request';
import { type Draft, newDraft } from '../incidents/draft';
import { DraftKeeper } from './keepDraft';

const said = { zh: '', en: '' };
const typed = (complaint: string): Draft => ({ ...newDraft('id', 0), callId: 'call', complaint });

function server() {
  const kept: string[] = [];
  const state = { failure: null as Problem | null };
  const keeper = new DraftKeeper(async (_, { complaint }) => {
    if (state.failure) {
      throw state.failure;
    }
    kept.push(complaint);
  });
  return { kept, state, keeper };
}

describe('the draft beside the call', () => {
  it('is sent once for each change', async () => {
    const { kept, keeper } = server();
    keeper.give(typed('胸痛'));
    await keeper.flush();
    await keeper.flush();
    expect(kept).toEqual(['胸痛']);
  });

  it('is sent again after a failure, unless something newer was typed meanwhile', async () => {
    const { kept, state, keeper } = server();
    state.failure = new Problem(0, 'network.unreachable', said, said);
    keeper.give(typed('胸痛'));
    await keeper.flush();
    state.failure = null;
    await keeper.flush();
    expect(kept).toEqual(['胸痛']);
  });

  it('is left where the server refuses it, and where there is no call', async () => {
    const { kept, state, keeper } = server();
    state.failure = new Problem(409, 'call.held', said, said);
    keeper.give(typed('胸痛'));
    await keeper.flush();
    state.failure = null;
    keeper.give({ ...typed('路过'), callId: null });
    await keeper.flush();
    expect(kept).toEqual([]);
  });
});
