import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useBack } from '../shell/actions';
import { desk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { Failure, Pane, Skeleton } from '../shell/Pane';
import { Since } from '../shell/Signs';
import { CallHead, FromCaller } from './CallHead';
import { isMine } from './order';
import { useCall } from './useCalls';
import type { CallWork } from './useCallWork';

/** A call that needs no form: it has its incident, stands at another seat, or waits. */
export function CallPanel({ callId, work }: { callId: string; work: CallWork }) {
  const { t } = useTranslation();
  const detail = useCall(callId);
  const call = work.calls.find(({ id }) => id === callId) ?? detail.data?.call;
  const close = () => desk.selectCall(null);
  useBack(close);
  const state = call && (isMine(call, work.seat) ? 'mine' : call.status);
  return (
    <Pane
      name="detail"
      testId="call-panel"
      title={call ? (call.number ?? t('calls.withheld')) : t('calls.panel')}
      keyHint={keyLabel('paneDetail')}
      isFetching={detail.isFetching}
      aside={
        call && (
          <>
            {state && <span className="note-text">{t(`calls.states.${state}`)}</span>}
            {call.status !== 'ended' && <Since time={call.since} />}
            <Button onClick={close}>
              {t('calls.back')} <kbd>Esc</kbd>
            </Button>
          </>
        )
      }
    >
      {detail.isPending && <Skeleton rows={3} />}
      {detail.isError && <Failure failure={detail.error} onRetry={() => void detail.refetch()} />}
      {call && (
        <div className="call-form">
          <CallHead call={call} detail={detail.data} work={work} />
          {call.result && <p>{t('calls.resultLine', { result: t(`calls.results.${call.result}`) })}</p>}
          <FromCaller detail={detail.data} />
        </div>
      )}
    </Pane>
  );
}
