import { Problem } from '../api/request';
import type { Draft } from '../incidents/draft';
import { callsApi } from './api';

/**
 * Keeps what is typed of a call beside the call, so that whoever takes it goes on with it. Only the newest counts; what did not get through
 * is sent with the next try, and what is refused (another seat has the call now) is left: this browser has it still.
 */
export class DraftKeeper {
  private waiting: Draft | null = null;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly send: (callId: string, draft: Draft) => Promise<unknown> = callsApi.keepDraft) {}

  give(draft: Draft): void {
    this.waiting = draft.callId === null ? null : draft;
  }

  /** Done once all that was given is kept or refused. */
  flush(): Promise<void> {
    const draft = this.waiting;
    if (draft?.callId) {
      const { callId } = draft;
      this.waiting = null;
      this.sending = this.sending.then(async () => {
        try {
          await this.send(callId, draft);
        } catch (failure) {
          if (failure instanceof Problem && failure.isPassing) {
            this.waiting ??= draft;
          }
        }
      });
    }
    return this.sending;
  }
}
