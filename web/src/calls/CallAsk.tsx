import { Button, Input } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../admin/parts';
import { useAction, useBack } from '../shell/actions';
import { useNowSeconds } from '../shell/clock';
import { desk, useDesk } from '../shell/desk';
import { formatMoment } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { type Call, type CallDetail, callsApi, type Result, results } from './api';
import { type AskingAct, showAct } from './desk';
import { useSeats } from './useCalls';
import type { CallWork } from './useCallWork';

// What an act on a call asks for before it is done: a seat, a result, a reason; and the number that is dialled.

interface AskProps {
  call: Call;
  detail: CallDetail | undefined;
  work: CallWork;
}

export function CallAsk({ asking, ...props }: AskProps & { asking: AskingAct }) {
  const asks = { transfer: Transfer, end: End, callBack: WantCallBack, nuisance: Nuisance, calling: Calling };
  const Ask = asks[asking];
  return <Ask {...props} />;
}

/** The frame of each: its first field has the focus, Ctrl+Enter does it, Esc leaves. */
function Ask({
  label,
  confirm,
  onConfirm,
  children,
}: {
  label: string;
  confirm?: string;
  onConfirm?: (() => void) | null;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useAction('submit', onConfirm ?? null);
  useBack(() => showAct(null));
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
    panel.current?.querySelector<HTMLElement>('input, select, button')?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this
    <div ref={panel} className="act" role="group" aria-label={label} data-testid="call-ask">
      <span className="act-label">{label}</span>
      {children}
      <span className="act-buttons">
        <Button onClick={() => showAct(null)}>
          {t('calls.back')} <kbd>Esc</kbd>
        </Button>
        {confirm && (
          <Button type="primary" disabled={!onConfirm} onClick={() => onConfirm?.()} data-testid="confirm-call-act">
            {confirm} <kbd>{keyLabel('submit')}</kbd>
          </Button>
        )}
      </span>
    </div>
  );
}

/** The call is no longer here: its form closes; what was typed stays with the call, or goes where the call is over. */
function leave(work: CallWork, call: Call, isOver: boolean) {
  showAct(null);
  const { draft, forget } = work.drafts;
  const isOpen = useDesk.getState().formOpen && draft.callId === call.id;
  if (isOver && draft.callId === call.id) {
    forget(draft.commandId);
  }
  if (isOpen) {
    desk.closeForm();
  } else {
    desk.selectCall(null);
  }
}

function Transfer({ call, work }: AskProps) {
  const { t } = useTranslation();
  const others = (useSeats(true).data?.seats ?? []).filter(({ seat }) => seat !== call.seat);
  const [chosen, setChosen] = useState<string | null>(null);
  const to = chosen ?? others[0]?.seat ?? null;
  const transfer = async () => {
    await work.drafts.save();
    if (to !== null && (await work.send(() => callsApi.transfer(call.id, to)))) {
      leave(work, call, false);
    }
  };
  return (
    <Ask label={t('calls.transferTo')} confirm={t('calls.acts.transfer')} onConfirm={to === null ? null : () => void transfer()}>
      {others.length === 0 ? (
        <span>{t('calls.noOtherSeat')}</span>
      ) : (
        <Choice
          id="to-seat"
          value={to ?? ''}
          isFaulty={false}
          options={others.map(({ seat, by }) => ({ value: seat, label: `${seat} ${by}` }))}
          onPick={setChosen}
        />
      )}
    </Ask>
  );
}

function End({ call, work }: AskProps) {
  const { t } = useTranslation();
  const [result, setResult] = useState<Result>('noEmergency');
  const [note, setNote] = useState('');
  const isJoined = call.result !== null;
  const end = async () => {
    if (await work.send(() => callsApi.end(call.id, isJoined ? null : result, note))) {
      leave(work, call, true);
    }
  };
  return (
    <Ask
      label={isJoined ? t('calls.endJoined', { incident: call.incidentNumber }) : t('calls.endAs')}
      confirm={t('calls.confirmEnd')}
      onConfirm={() => void end()}
    >
      {!isJoined && (
        <Choice
          id="call-result"
          value={result}
          isFaulty={false}
          options={results.map((value) => ({ value, label: t(`calls.results.${value}`) }))}
          onPick={(value) => setResult(value as Result)}
        />
      )}
      <Input
        aria-label={t('calls.note')}
        placeholder={`${t('calls.note')} (${t('optional')})`}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        data-testid="field-call-note"
      />
    </Ask>
  );
}

function WantCallBack({ call, work }: AskProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const want = async () => {
    await work.drafts.save();
    if (await work.send(() => callsApi.wantCallBack(call.id, reason.trim()))) {
      leave(work, call, false);
    }
  };
  return (
    <Ask
      label={t('calls.callBackWhy')}
      confirm={t('calls.confirmCallBack')}
      onConfirm={reason.trim() === '' ? null : () => void want()}
    >
      <Input
        aria-label={t('calls.callBackWhy')}
        placeholder={t('calls.callBackHint')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        data-testid="field-call-back-reason"
      />
    </Ask>
  );
}

function Nuisance({ call, detail, work }: AskProps) {
  const { t } = useTranslation();
  const now = useNowSeconds() * 1000;
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('7');
  const mark = detail?.mark;
  const done = async (command: () => Promise<unknown>) => {
    if (await work.send(command)) {
      showAct(null);
    }
  };
  if (mark) {
    const { reason: why, markedBy: by, until } = mark;
    return (
      <Ask
        label={t('calls.markedUntil', { by, time: formatMoment(until, now), reason: why })}
        confirm={t('calls.lift')}
        onConfirm={() => void done(() => callsApi.lift(call.id))}
      >
        {null}
      </Ask>
    );
  }
  return (
    <Ask
      label={t('calls.markWhy')}
      confirm={t('calls.markNow')}
      onConfirm={reason.trim() === '' ? null : () => void done(() => callsApi.mark(call.id, reason.trim(), Number(days)))}
    >
      <Input
        aria-label={t('calls.markWhy')}
        placeholder={t('calls.markHint')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        data-testid="field-mark-reason"
      />
      <label className="call-days" htmlFor="field-mark-days">
        {t('calls.markDays')}{' '}
        <Choice
          id="mark-days"
          value={days}
          isFaulty={false}
          options={['1', '7', '30', '90', '365'].map((value) => ({ value, label: value }))}
          onPick={setDays}
        />
      </label>
    </Ask>
  );
}

/** The number to dial, and whether somebody answered. */
function Calling({ call, detail, work }: AskProps) {
  const { t } = useTranslation();
  const say = async (reached: boolean) => {
    if (await work.send(() => callsApi.calledBack(call.id, reached))) {
      showAct(null);
    }
  };
  return (
    <Ask label={t('calls.dial')}>
      <strong className="call-dial" data-testid="whole-number">
        {detail?.wholeNumber ?? t('calls.numberHidden')}
      </strong>
      {detail?.wholeNumber && (
        <span className="act-buttons">
          <Button onClick={() => void say(true)} data-testid="called-reached">
            {t('calls.reached')}
          </Button>
          <Button onClick={() => void say(false)} data-testid="called-unreached">
            {t('calls.unreached')}
          </Button>
        </span>
      )}
      {call.attempts > 0 && <span className="number">{t('calls.attempts', { count: call.attempts })}</span>}
    </Ask>
  );
}
