import { useTranslation } from 'react-i18next';
import { desk, useDesk } from '../shell/desk';
import { inLanguage } from '../shell/i18n';
import { type Call, callsApi } from './api';
import { type AskingAct, isSecondPress, say, showAct, useCallDesk } from './desk';
import type { CallAct } from './order';
import type { CallWork } from './useCallWork';

/** Begins an act on a call: those that need no more are done at once, the others ask beside the call. */
export function useCallActs(work: CallWork) {
  const { t } = useTranslation();

  const leave = (callId: string) => {
    if (useDesk.getState().formOpen && work.drafts.draft.callId === callId) {
      desk.closeForm();
    }
  };

  const ask = (call: Call, name: AskingAct) => {
    const { formOpen, callId } = useDesk.getState();
    const isShown = formOpen ? work.drafts.draft.callId === call.id : callId === call.id;
    if (!isShown) {
      // An open form is kept as a draft by whatever takes its place.
      void work.drafts.save();
      desk.selectCall(call.id);
    }
    showAct(name);
  };

  return async (name: CallAct, call: Call): Promise<void> => {
    switch (name) {
      case 'park':
        await work.drafts.save();
        if (await work.send(() => callsApi.park(call.id))) {
          leave(call.id);
        }
        return;
      case 'link': {
        const sent = await work.send(() => callsApi.sendLink(call.id));
        if (sent) {
          useCallDesk.setState({ link: { callId: call.id, link: sent.answer } });
          say(inLanguage(sent.answer.note));
        }
        return;
      }
      case 'split':
        await work.split(call);
        return;
      case 'transfer':
        if (call.seat !== work.seat && work.seat !== null) {
          // Held elsewhere: to this seat is the one thing that can be wanted from here.
          const to = work.seat;
          if (isSecondPress(`transfer ${call.id}`, t('calls.takeOver', { seat: call.seat }))) {
            await work.send(() => callsApi.transfer(call.id, to));
          }
          return;
        }
        ask(call, name);
        return;
      default:
        ask(call, name);
    }
  };
}
