import { Button } from 'antd';
import type { ReactNode } from 'react';
import { create } from 'zustand';
import type { Action } from '../shell/keys';
import { keyLabel } from '../shell/keys';

/** Which parts of an incident are folded away at this desk: of every incident, so that the eye finds them where they were. */
const useFolded = create<{ folded: ReadonlySet<string> }>(() => ({ folded: new Set() }));

interface SectionProps {
  name: string;
  title: string;
  /** What stands in the head, also while it is folded. */
  count: ReactNode;
  /** What its button does, as its key does. */
  add?: { text: string; action: Action; testId: string; onAdd(): void };
  children: ReactNode;
}

/** A part of the detail that folds. What is in it is kept whole by the pane that scrolls. */
export function Section({ name, title, count, add, children }: SectionProps) {
  const isOpen = useFolded(({ folded }) => !folded.has(name));
  return (
    <div className="section" data-testid={`section-${name}`}>
      {add && (
        <Button className="section-add" onClick={add.onAdd} data-testid={add.testId}>
          {add.text} <kbd>{keyLabel(add.action)}</kbd>
        </Button>
      )}
      <details
        open={isOpen}
        onToggle={(event) => {
          const { open } = event.currentTarget;
          useFolded.setState(({ folded }) =>
            folded.has(name) === !open
              ? { folded }
              : { folded: new Set(open ? [...folded].filter((other) => other !== name) : [...folded, name]) },
          );
        }}
      >
        <summary>
          <span className="section-title">{title}</span>
          <span className="note-text number">{count}</span>
        </summary>
        {children}
      </details>
    </div>
  );
}
