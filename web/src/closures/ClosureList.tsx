import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNowSeconds } from '../shell/clock';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import type { ClosureList as Answer, Closure } from './api';
import { kindText, streetsText, whenText } from './closureText';

interface ClosureListProps {
  part: 'open' | 'endedOnes';
  closures: UseQueryResult<Answer>;
  selectedId: string | null;
  mayDraw: boolean;
  onOpen(closure: Closure): void;
}

export function ClosureList({ part, closures, selectedId, mayDraw, onOpen }: ClosureListProps) {
  const { t } = useTranslation();
  const nowMs = useNowSeconds() * 1000;
  const rows = closures.data?.closures ?? [];
  return (
    <Pane
      name="units"
      title={t('closures.list')}
      count={rows.length}
      keyHint={keyLabel('paneUnits')}
      isFetching={closures.isFetching}
      testId="closure-list"
    >
      {closures.isError && closures.data && (
        <p className="failure" role="alert">
          {t('closures.stale', { since: formatTime(closures.dataUpdatedAt) })}
        </p>
      )}
      {closures.isError && !closures.data && <Failure failure={closures.error} onRetry={() => void closures.refetch()} />}
      {closures.isPending && <Skeleton rows={6} />}
      {closures.isSuccess && rows.length === 0 && (
        <Empty>
          {t(part === 'endedOnes' ? 'closures.noneEnded' : mayDraw ? 'closures.noneOpen' : 'closures.noneOpenReadOnly')}
        </Empty>
      )}
      {closures.data?.more && <p className="note-text closure-more">{t('closures.more')}</p>}
      <RowList
        label={t('closures.list')}
        rows={rows}
        selectedId={selectedId}
        attributes={({ state }) => ({ 'data-testid': 'closure-row', 'data-state': state })}
        onOpen={onOpen}
      >
        {(closure) => (
          <span className="closure-row">
            <strong className="cut">{streetsText(closure.streets)}</strong>
            <span className="mark">{t(`closures.states.${closure.state}`)}</span>
            <span className="cut">
              {kindText(closure)} · {t(`closures.reasons.${closure.reason}`)}
              {closure.words ? ` · ${closure.words}` : ''}
            </span>
            <span className="number closure-when">{whenText(closure, nowMs)}</span>
          </span>
        )}
      </RowList>
    </Pane>
  );
}
