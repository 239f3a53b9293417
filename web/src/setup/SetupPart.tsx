import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import type { Said } from './useSetup';
import './setup.css';

interface SetupPartProps<Row extends { id: string }> {
  part: 'units' | 'types' | 'cards';
  /** What the rows are read by. */
  source: Pick<UseQueryResult, 'isPending' | 'isError' | 'data' | 'error' | 'refetch'>;
  rows: readonly Row[];
  /** Empty: a new one. */
  selectedId: string | null;
  filter: string;
  onFilter(text: string): void;
  onOpen(row: Row): void;
  /** Null: nobody makes one here. */
  onNew: (() => void) | null;
  said: Said | null;
  head: readonly string[];
  rowOf(row: Row): ReactNode;
  /** The one that is open. */
  children: ReactNode;
}

/** A list on the left, worked by keys, and at its side the one that is open: neither covers the other, each scrolls alone. */
export function SetupPart<Row extends { id: string }>(props: SetupPartProps<Row>) {
  const { part, source, rows, selectedId, filter, onFilter, onOpen, onNew, said, head, rowOf, children } = props;
  const { t } = useTranslation();
  const page = useRef<HTMLElement>(null);
  useAction('newIncident', onNew);
  useFocus(page, selectedId, said);
  const row = `setup-row setup-${part}`;
  return (
    <section ref={page} className="setup" data-testid={`setup-${part}`}>
      <div className="setup-list">
        <div className="admin-list-head">
          <h3>
            {t(`setup.${part}`)} <span className="number">{rows.length}</span>
          </h3>
          <Input
            value={filter}
            placeholder={t(`setup.filters.${part}`)}
            aria-label={t(`setup.filters.${part}`)}
            maxLength={40}
            onChange={(event) => onFilter(event.target.value)}
            data-testid="setup-filter"
          />
          {onNew && (
            <Button onClick={onNew} data-testid="setup-new">
              {t('setup.new')} <kbd>{keyLabel('newIncident')}</kbd>
            </Button>
          )}
        </div>
        {source.isError && <Failure failure={source.error} onRetry={() => void source.refetch()} />}
        {source.isPending && <Skeleton rows={8} />}
        {source.data !== undefined && rows.length === 0 && (
          <Empty>{t(filter === '' ? `setup.none.${part}` : 'setup.noMatch')}</Empty>
        )}
        <div className="setup-rows">
          {rows.length > 0 && (
            <div className={`${row} unit-head`} aria-hidden="true">
              {head.map((title) => (
                <span key={title}>{title}</span>
              ))}
            </div>
          )}
          <RowList
            label={t(`setup.${part}`)}
            rows={rows}
            selectedId={selectedId}
            onOpen={onOpen}
            attributes={({ id }) => ({ 'data-testid': 'setup-row', 'data-id': id })}
          >
            {(one) => <div className={row}>{rowOf(one)}</div>}
          </RowList>
        </div>
      </div>
      <div className="setup-detail" data-testid="setup-detail">
        <p role="status" tabIndex={-1} className={said === null ? 'setup-said' : 'setup-said success'} data-testid="said">
          {said && (
            <>
              {said.text} <time>{formatTime(said.at)}</time>
            </>
          )}
        </p>
        {children}
      </div>
    </section>
  );
}

/**
 * A new one begins in its first field. Where the focus went with the form that it stood in, it comes to what was said of it, or back to the
 * list: the next key goes on from there.
 */
function useFocus(page: RefObject<HTMLElement | null>, selectedId: string | null, said: Said | null): void {
  const before = useRef({ selectedId, said });
  useEffect(() => {
    const isOther = before.current.selectedId !== selectedId;
    const isSaid = before.current.said !== said;
    before.current = { selectedId, said };
    const focus = (selector: string) => page.current?.querySelector<HTMLElement>(selector)?.focus();
    if (isOther && selectedId === '') {
      focus('.setup-detail form :is(input, select)');
    } else if ((isOther || isSaid) && document.activeElement === document.body) {
      focus(selectedId === null ? '[role=option][tabindex="0"]' : '.setup-said');
    }
  }, [page, selectedId, said]);
}
