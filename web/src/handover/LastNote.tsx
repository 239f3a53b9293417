import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions';
import { formatMoment } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { type HandoverSummary, handoverApi, type OpenThings } from './api';
import { newSince } from './lines';
import { Things } from './Things';

interface LastNoteProps {
  last: HandoverSummary;
  open: OpenThings | null;
  isSending: boolean;
  mayAccept: boolean;
  onAccept(): void;
  nowMs: number;
}

/** What the shift before left: its words, what was open then, and what is new since. */
export function LastNote({ last, open, isSending, mayAccept, onAccept, nowMs }: LastNoteProps) {
  const { t } = useTranslation();
  const note = useQuery({
    queryKey: ['handover', 'one', last.id],
    queryFn: ({ signal }) => handoverApi.read(last.id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const then = note.data?.open;
  const mayTakeOver = last.accepted === null && mayAccept && !isSending;
  useAction('takeOver', mayTakeOver ? onAccept : null);
  const added = then && open ? newSince(then, open) : new Set<string>();
  return (
    <section className="handover-part" data-testid="last-note" data-accepted={last.accepted !== null || undefined}>
      <h3>
        {t('handover.left', { by: last.by, seat: last.seat })} <span className="number">{formatMoment(last.at, nowMs)}</span>
      </h3>
      <p className="handover-words">{last.text}</p>
      {last.accepted ? (
        <p className="note-text">
          {t('handover.accepted', {
            by: last.accepted.by,
            seat: last.accepted.seat,
            time: formatMoment(last.accepted.at, nowMs),
          })}
        </p>
      ) : (
        <>
          {then && <Things open={then} testId="handover-then" />}
          {open && added.size > 0 && (
            <>
              <h4>{t('handover.new', { count: added.size })}</h4>
              <Things open={open} only={added} testId="handover-new" />
            </>
          )}
          <span className="act-buttons">
            <Button type="primary" disabled={!mayAccept} loading={isSending} onClick={onAccept} data-testid="take-over">
              {t('handover.takeOver')} <kbd>{keyLabel('takeOver')}</kbd>
            </Button>
          </span>
        </>
      )}
    </section>
  );
}
