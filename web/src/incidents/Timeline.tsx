import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { correctable } from './corrections';
import type { TimelineEntry } from './lines';
import { passes, type TimelineFilter, timelineFilters } from './timelineFilter';
import { sayEntry } from './timelineText';

interface TimelineProps {
  entries: readonly TimelineEntry[];
  onCorrect(entry: TimelineEntry): void;
}

/** New entries at the bottom. It follows them only while the bottom is in view: reading back is not disturbed. */
export function Timeline({ entries, onCorrect }: TimelineProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const last = entries.findLast(correctable)?.version;
  const list = useRef<HTMLOListElement>(null);
  const wasAtEnd = useRef<boolean | null>(null);
  useEffect(() => {
    const body = list.current?.closest('.pane-body');
    if (body && wasAtEnd.current && entries.length > 0) {
      body.scrollTop = body.scrollHeight;
    }
    const onScroll = () => {
      wasAtEnd.current = !body || body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    };
    // What was opened just now stays at its top.
    wasAtEnd.current ?? onScroll();
    body?.addEventListener('scroll', onScroll);
    return () => body?.removeEventListener('scroll', onScroll);
  }, [entries.length]);

  return (
    <>
      <div className="timeline-head" role="radiogroup" aria-label={t('parts.filter')}>
        <span className="section-title">{t('detail.timeline')}</span>
        {timelineFilters.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="timeline-filter"
              checked={filter === name}
              onChange={() => setFilter(name)}
              data-testid={`filter-${name}`}
            />
            {t(`parts.filters.${name}`)}
          </label>
        ))}
      </div>
      <ol ref={list} className="timeline" aria-label={t('detail.timeline')}>
        {entries
          .filter((entry) => passes(entry, filter))
          .map((entry) => (
            <Line key={entry.version} entry={entry} isLast={entry.version === last} onCorrect={onCorrect} />
          ))}
      </ol>
    </>
  );
}

interface LineProps {
  entry: TimelineEntry;
  /** The last one that can be corrected: the key is for it. */
  isLast: boolean;
  onCorrect(entry: TimelineEntry): void;
}

function Line({ entry, isLast, onCorrect }: LineProps) {
  const { t } = useTranslation();
  // Recorded well after it happened: both times are said.
  const isLate = Date.parse(entry.recordedAt) - Date.parse(entry.at) > 60_000;
  return (
    <li
      data-testid="timeline-entry"
      data-type={entry.type}
      data-corrected={entry.correctedBy ? true : undefined}
      data-milestone={entry.type === 'milestoneRecorded' ? entry.data.milestone : undefined}
    >
      <time className="number">{formatTime(entry.at)}</time>
      <span className="entry-text">{sayEntry(entry, t)}</span>
      <span className="entry-source">
        {entry.by ?? t('timeline.system')}
        {entry.source && ` · ${t(`timeline.sources.${entry.source}`)}`}
        {isLate && ` · ${t('timeline.recordedLater', { time: formatTime(entry.recordedAt) })}`}
        {entry.correctedBy && <span className="mark">{t('timeline.corrected')}</span>}
        {correctable(entry) && (
          <button type="button" className="link" onClick={() => onCorrect(entry)} data-testid="correct">
            {t('parts.correct')} {isLast && <kbd>{keyLabel('correct')}</kbd>}
          </button>
        )}
      </span>
    </li>
  );
}
