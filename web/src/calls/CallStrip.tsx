import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../feed/health';
import { type HeldRow, holdOrder } from '../incidents/order';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { formatTime } from '../shell/formats';
import { keyLabel, nthOf } from '../shell/keys';
import { describe, Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import type { Call } from './api';
import { CallRow } from './CallRow';
import { useCallDesk } from './desk';
import { actsOf, callActs, countOf, inOrder } from './order';
import { SeatField } from './SeatField';
import { useCallActs } from './useCallActs';
import { useCalls } from './useCalls';
import type { CallWork } from './useCallWork';
import './calls.css';

const releaseMs = 1500;

/**
 * Every call that is not over, in a place that is always kept. A ringing call lights it and nothing else: neither focus nor map move, and no
 * row does while the hand is on the list.
 */
export function CallStrip({ work }: { work: CallWork }) {
  const { t } = useTranslation();
  const read = useCalls();
  const { calls, seat } = work;
  const act = useCallActs(work);
  const openId = useDesk((state) => (state.formOpen ? null : state.callId));
  const formOpen = useDesk((state) => state.formOpen);
  const [isHeld, setHeld] = useState(false);
  const release = useRef<number | undefined>(undefined);
  const shown = useRef<HeldRow<Call>[]>([]);
  const rows = useMemo(() => {
    shown.current = holdOrder(shown.current, inOrder(calls, seat), isHeld);
    return shown.current;
  }, [calls, seat, isHeld]);
  useAction('paneCalls', () => focusPane('calls'));
  useAction('callBack', () => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-call-id]')?.dataset.callId;
    const id = focused ?? (formOpen ? work.drafts.draft.callId : openId);
    const call = calls.find((one) => one.id === id);
    if (call) {
      void work.callBack(call);
    } else if (!formOpen && useDesk.getState().incidentId !== null) {
      // A crew is phoned by hand; that it was is written down.
      desk.show('phone');
    }
  });

  const hold = () => {
    window.clearTimeout(release.current);
    setHeld(true);
  };
  const letGo = () => {
    window.clearTimeout(release.current);
    release.current = window.setTimeout(() => setHeld(false), releaseMs);
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, call: Call | undefined): boolean => {
    const name = callActs[nthOf(event) ?? -1];
    if (name && call && actsOf(call, seat).includes(name)) {
      void act(name, call);
    }
    return name !== undefined;
  };

  const ringing = countOf(calls, 'ringing');
  return (
    <Pane
      name="calls"
      title={t('pane.calls')}
      keyHint={keyLabel('paneCalls')}
      count={ringing}
      testId="call-strip"
      className={`call-strip ${ringing > 0 ? 'is-ringing' : ''}`}
      isFetching={read.isFetching}
      aside={
        <span className="note-text number" data-testid="call-counts">
          {t('calls.parkedCount', { count: countOf(calls, 'parked') })} ·{' '}
          {t('calls.backCount', { count: countOf(calls, 'callBack') })}
        </span>
      }
    >
      <div className="call-line">
        <SeatField seat={seat} isKnown={read.isSuccess} />
        <Said isOld={read.isError} />
      </div>
      {read.isError && !read.data && <Failure failure={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <Skeleton rows={2} />}
      {read.data && rows.length === 0 && <Empty>{t('calls.empty')}</Empty>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the rows still */}
      <div onPointerMove={hold} onPointerLeave={letGo} onFocus={hold} onBlur={letGo}>
        <RowList
          label={t('pane.calls')}
          rows={rows.map(({ row, gone }) => ({ ...row, gone }))}
          selectedId={formOpen ? work.drafts.draft.callId : openId}
          onOpen={(row) => {
            if (!row.gone) {
              work.open(row);
            }
          }}
          onKey={(event) =>
            onKey(
              event,
              calls.find(({ id }) => id === (event.target as HTMLElement).dataset.callId),
            )
          }
          attributes={(row) => ({
            'data-testid': row.gone ? undefined : 'call-row',
            'data-call-id': row.id,
            'data-status': row.gone ? 'gone' : row.status,
          })}
        >
          {(row) => <CallRow call={row} isGone={row.gone} seat={seat} />}
        </RowList>
      </div>
    </Pane>
  );
}

/** One line, always kept: what was lost, refused or asked, else which keys work here. */
function Said({ isOld }: { isOld: boolean }) {
  const { t } = useTranslation();
  const { lostSeat, said, readAt } = useCallDesk();
  const isCut = useHealth((health) => health.network === 'down') || isOld;
  const text = lostSeat
    ? t('calls.seatLost', { seat: lostSeat })
    : said
      ? 'text' in said
        ? said.text
        : describe(said.failure)
      : isCut
        ? t('calls.unread', { since: readAt ? formatTime(readAt) : '–' })
        : null;
  return (
    <span
      className={`call-said ${text ? 'mark-warn' : 'note-text number'}`}
      role="status"
      title={text ?? ''}
      data-testid="call-said"
    >
      {text ?? t('calls.hint')}
    </span>
  );
}

export const useRinging = (): number => countOf(useCalls().data?.calls ?? [], 'ringing');

/** 待接 in the bar at the top. */
export function RingingCount() {
  const { t } = useTranslation();
  const count = useRinging();
  return (
    <span className={`bar-count ${count > 0 ? 'is-ringing' : ''}`}>
      {t('calls.ringing')} <strong data-testid="count-ringing">{count}</strong>
    </span>
  );
}
