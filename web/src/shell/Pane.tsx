import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/request';
import type { Pane as PaneName } from './desk';
import { inLanguage } from './i18n';

interface PaneProps {
  name: PaneName;
  title: ReactNode;
  keyHint: string;
  count?: number;
  /** Shown in the head, at the right. */
  aside?: ReactNode;
  testId?: string;
  isFetching?: boolean;
  className?: string;
  children: ReactNode;
}

/** A pane never moves and is never covered. Its head and its count stay while its content scrolls. */
export function Pane({ name, title, keyHint, count, aside, testId, isFetching, className, children }: PaneProps) {
  return (
    <section className={`pane ${className ?? ''}`} data-pane={name} tabIndex={-1} data-testid={testId}>
      <header className="pane-head">
        <h2>{title}</h2>
        {count !== undefined && <span className="pane-count">{count}</span>}
        <kbd>{keyHint}</kbd>
        <span className="pane-aside">{aside}</span>
        {/* Old rows stay while new ones are read: a hairline is all that tells. */}
        {isFetching && <span className="pane-hairline" />}
      </header>
      <div className="pane-body">{children}</div>
    </section>
  );
}

/** Why a pane shows nothing, and the next key. */
export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>;

/** First load alone: grey bars where rows will be. */
export const Skeleton = ({ rows }: { rows: number }) => (
  <div className="skeleton" aria-hidden="true">
    {Array.from({ length: rows }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: bars without identity
      <div key={row} />
    ))}
  </div>
);

/** What failed, inside the pane where it failed. */
export function Failure({ failure, onRetry }: { failure: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="failure" role="alert">
      <span>{describe(failure)}</span>
      {onRetry && (
        <button type="button" className="link" onClick={onRetry}>
          {t('pane.retry')}
        </button>
      )}
    </div>
  );
}

/** What failed, the facts of it, and its code. */
export function describe(failure: unknown): string {
  if (failure instanceof Problem) {
    const [title, detail] = [inLanguage(failure.title), inLanguage(failure.detail)];
    return `${detail && detail !== title ? `${title}: ${detail}` : title} [${failure.code}]`;
  }
  return String(failure);
}
