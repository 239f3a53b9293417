import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { isInputMethod } from './ime';

interface RowListProps<Row extends { id: string }> {
  label: string;
  rows: readonly Row[];
  selectedId: string | null;
  isMultiple?: boolean;
  onOpen(row: Row): void;
  onTick?(row: Row): void;
  /** Keys that this list alone knows. True: handled. */
  onKey?(event: KeyboardEvent<HTMLElement>, row: Row | undefined): boolean;
  /** A key moved to this row. */
  onMove?(row: Row): void;
  attributes?(row: Row): Record<string, string | undefined>;
  isTicked?(row: Row): boolean;
  /** Takes the focus where the last row went while it had it; without this the list's pane does. */
  onEmptied?(): void;
  children(row: Row): ReactNode;
}

/** A key came to a pane whose rows were not there yet: the focus goes on to the first of them, once there is one. */
export function useFirstRow(within: RefObject<HTMLElement | null>, count: number): void {
  useEffect(() => {
    const pane = within.current?.closest('[data-pane]');
    if (count > 0 && document.activeElement === pane) {
      within.current?.querySelector<HTMLElement>('[role=option]')?.focus();
    }
  }, [within, count]);
}

const pageRows = 8;

/** A list worked by keys: arrows, Home, End, PgUp, PgDn move; Enter opens; Space ticks. It keeps its row when left. */
export function RowList<Row extends { id: string }>(props: RowListProps<Row>) {
  const { label, rows, selectedId, isMultiple, onOpen, onTick, onKey, attributes, isTicked, onEmptied, onMove, children } = props;
  const [rowId, setRowId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const current = rows.some(({ id }) => id === rowId)
    ? rowId
    : rows.some(({ id }) => id === selectedId)
      ? selectedId
      : (rows[0]?.id ?? null);

  // The row with the focus went (its unit was sent, its incident closed): the focus goes to the row that took its place.
  const hadFocus = useRef(false);
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) {
      const row = list.current?.querySelector<HTMLElement>('[role=option][tabindex="0"]');
      if (row) {
        row.focus();
      } else {
        hadFocus.current = false;
        (onEmptied ?? (() => list.current?.closest<HTMLElement>('[data-pane]')?.focus()))();
      }
    }
  });

  // Chosen elsewhere (F9, the map), the row is brought into view, but the focus stays where the user has it.
  useEffect(() => {
    if (selectedId) {
      setRowId(selectedId);
      list.current?.querySelector(`[data-row="${CSS.escape(selectedId)}"]`)?.scrollIntoView({ block: 'nearest' });
    }
  }, [selectedId]);

  const focusRow = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row) {
      setRowId(row.id);
      onMove?.(row);
      list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus();
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (
      isInputMethod(event) ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      !(event.target as HTMLElement).matches('[role=option]')
    ) {
      return;
    }
    // Of the row that has the focus: others may have come before it since.
    const index = rows.findIndex(({ id }) => id === (event.target as HTMLElement).dataset.row);
    const row = rows[index];
    const moves: Record<string, number> = {
      ArrowUp: index - 1,
      ArrowDown: index + 1,
      Home: 0,
      End: rows.length - 1,
      PageUp: index - pageRows,
      PageDown: index + pageRows,
    };
    const target = moves[event.code];
    if (target !== undefined) {
      focusRow(target);
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && row) {
      onOpen(row);
    } else if (event.code === 'Space' && row && onTick) {
      onTick(row);
    } else if (!onKey?.(event, row)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={label}
      aria-multiselectable={isMultiple}
      className="rows"
      onFocus={(event) => {
        hadFocus.current = true;
        setRowId((event.target as HTMLElement).dataset.row ?? rowId);
      }}
      onBlur={() => {
        hadFocus.current = false;
      }}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {rows.map((row) => (
        // Keys are handled by the list, for all rows at once.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={row.id}
          role="option"
          aria-selected={isMultiple ? (isTicked?.(row) ?? false) : row.id === selectedId}
          data-row={row.id}
          data-selected={row.id === selectedId || undefined}
          tabIndex={row.id === current ? 0 : -1}
          className="row"
          onClick={(event) => {
            setRowId(row.id);
            // The box at the head of a row ticks it; the rest of the row opens it.
            const isTick = (event.target as HTMLElement).closest('[data-tick]') !== null;
            (isTick && onTick ? onTick : onOpen)(row);
          }}
          {...attributes?.(row)}
        >
          {children(row)}
        </div>
      ))}
    </div>
  );
}
