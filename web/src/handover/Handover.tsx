import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callsKnown } from '../calls/useCalls';
import { loadDrafts } from '../incidents/draft';
import { useSession } from '../session/session';
import { useAction } from '../shell/actions';
import { useNowSeconds } from '../shell/clock';
import { formatMoment } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Skeleton } from '../shell/Pane';
import { type HandoverSummary, handoverApi } from './api';
import './handover.css';
import { LastNote } from './LastNote';
import { Things } from './Things';

const pollMs = 15_000;

/** The end of a shift and the beginning of the next: what is open, in the list's words and in the dispatcher's own. */
export function Handover() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  // The extension where there is one: what is open there goes with the shift. Else the name on the door.
  const ownName = useSession(({ who }) => who?.displayName ?? who?.userName ?? '');
  const [seat, setSeat] = useState(() => callsKnown(queries)?.seat ?? ownName);
  const [text, setText] = useState('');
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [written, setWritten] = useState<HandoverSummary | null>(null);
  const now = useNowSeconds() * 1000;
  const open = useQuery({
    queryKey: ['handover', 'open'],
    queryFn: ({ signal }) => handoverApi.open(signal),
    refetchInterval: pollMs,
  });
  const list = useQuery({
    queryKey: ['handover', 'list'],
    queryFn: ({ signal }) => handoverApi.list(signal),
    refetchInterval: pollMs,
  });
  // What was written and not taken over yet; an older one is history as soon as a newer one is there.
  const last = list.data?.handovers[0] ?? null;
  const isReady = text.trim() !== '' && seat.trim() !== '' && !isSending;

  const send = async (command: () => Promise<HandoverSummary>): Promise<HandoverSummary | null> => {
    setSending(true);
    setProblem(null);
    try {
      return await command();
    } catch (failure) {
      setProblem(failure);
      return null;
    } finally {
      setSending(false);
      await queries.invalidateQueries({ queryKey: ['handover'] });
    }
  };
  const write = async () => {
    const note = await send(() => handoverApi.write(text.trim(), seat.trim()));
    if (note) {
      setWritten(note);
      setText('');
    }
  };
  useAction('submit', isReady ? () => void write() : null);

  return (
    <div className="handover">
      <div className="handover-seat">
        <label htmlFor="handover-seat">{t('handover.seat')}</label>
        <Input
          id="handover-seat"
          value={seat}
          maxLength={60}
          onChange={(event) => setSeat(event.target.value)}
          data-testid="handover-seat"
        />
      </div>
      {problem !== null && <Failure failure={problem} />}
      {list.isError && <Failure failure={list.error} onRetry={() => void list.refetch()} />}
      {last && (
        <LastNote
          last={last}
          open={open.data ?? null}
          isSending={isSending}
          mayAccept={seat.trim() !== ''}
          onAccept={() => void send(() => handoverApi.accept(last.id, seat.trim()))}
          nowMs={now}
        />
      )}
      <section className="handover-part">
        <h3>{t('handover.openNow')}</h3>
        {open.isError && <Failure failure={open.error} onRetry={() => void open.refetch()} />}
        {open.isPending && <Skeleton rows={3} />}
        {open.data && <Things open={open.data} testId="handover-open" />}
        <Drafts />
        <Input.TextArea
          rows={2}
          maxLength={2000}
          value={text}
          placeholder={t('handover.words')}
          aria-label={t('handover.words')}
          onChange={(event) => setText(event.target.value)}
          data-testid="handover-text"
        />
        <span className="act-buttons">
          {written && (
            <span className="success" role="status" data-testid="handover-written">
              {t('handover.written', { time: formatMoment(written.at, now) })}
            </span>
          )}
          <Button type="primary" disabled={!isReady} loading={isSending} onClick={() => void write()} data-testid="hand-over">
            {t('handover.handOver')} <kbd>{keyLabel('submit')}</kbd>
          </Button>
        </span>
      </section>
    </div>
  );
}

/** A draft is on this computer alone: nobody else sees it, and that is said. */
function Drafts() {
  const { t } = useTranslation();
  const userName = useSession(({ who }) => who?.userName ?? '');
  const count = loadDrafts(localStorage, userName).length;
  return count > 0 ? <p className="mark mark-warn">{t('handover.drafts', { count })}</p> : null;
}
