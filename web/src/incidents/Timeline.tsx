import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../api/contract';
import { formatTime } from '../shell/formats';
import { sayEntry } from './timelineText';

/** New entries at the bottom. It follows them only while the bottom is in view: reading back is not disturbed. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = useTranslation();
  const end = useRef<HTMLLIElement>(null);
  const wasAtEnd = useRef(true);
  useEffect(() => {
    const body = end.current?.closest('.pane-body');
    if (body && wasAtEnd.current && entries.length > 0) {
      body.scrollTop = body.scrollHeight;
    }
    const onScroll = () => {
      wasAtEnd.current = !body || body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    };
    body?.addEventListener('scroll', onScroll);
    return () => body?.removeEventListener('scroll', onScroll);
  }, [entries.length]);

  return (
    <ol className="timeline" aria-label={t('detail.timeline')}>
      {entries.map((entry) => {
        // Recorded well after it happened: both times are said.
        const isLate = Date.parse(entry.recordedAt) - Date.parse(entry.at) > 60_000;
        return (
          <li
            key={entry.version}
            ref={entry === entries.at(-1) ? end : null}
            data-testid="timeline-entry"
            data-type={entry.type}
            data-corrected={entry.correctedBy ? true : undefined}
            data-milestone={entry.type === 'milestoneRecorded' ? entry.data.milestone : undefined}
          >
            <time className="number">{formatTime(entry.at)}</time>
            <span className="entry-text">{sayEntry(entry, t)}</span>
            <span className="entry-source">
              {entry.by ?? t('timeline.system')}
              {entry.source && entry.source !== 'dispatcher' && ` · ${t(`timeline.sources.${entry.source}`)}`}
              {entry.correctedBy && ` · ${t('timeline.corrected')}`}
              {isLate && ` · ${t('timeline.recordedLater', { time: formatTime(entry.recordedAt) })}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
