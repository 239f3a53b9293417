import { Input, type InputRef } from 'antd';
import { type KeyboardEvent, type ReactNode, type Ref, useId, useState } from 'react';
import { useBack } from './actions';
import { isInputMethod } from './ime';

export interface Choice {
  id: string;
  content: ReactNode;
}

interface ComboboxProps {
  id?: string;
  label: string;
  value: string;
  placeholder?: string;
  choices: readonly Choice[];
  /** Shown where choices would be, when there are none. */
  note?: string | null;
  /** Shown below choices that are there, when others could not be had. */
  footnote?: string | null;
  /** The choices are of an earlier text: they stay, and Enter does not take one of them unseen. */
  isWaiting?: boolean;
  testId: string;
  choiceTestId: string;
  invalid?: boolean;
  describedBy?: string | undefined;
  maxLength?: number;
  prefix?: ReactNode;
  inputRef?: Ref<InputRef>;
  /** The person asked for it just now: it has the focus and shows its choices. */
  isAsked?: boolean;
  onText(text: string): void;
  onPick(id: string): void;
}

/**
 * A text field with choices under it. The component library's own picks and submits on one Enter; here Enter picks when
 * a choice is marked and else does nothing, and an input method keeps its own Enter.
 */
export function Combobox(props: ComboboxProps) {
  const { choices, note, onText, onPick } = props;
  const listId = useId();
  const [isOpen, setOpen] = useState(props.isAsked ?? false);
  const [marked, setMarked] = useState<string | null>(null);
  const shown = isOpen && (choices.length > 0 || Boolean(note));
  useBack(shown ? () => setOpen(false) : null);
  // A choice that somebody went to stays marked when others come; without it the first one is.
  const at = Math.max(
    0,
    choices.findIndex(({ id }) => id === marked),
  );

  const pick = (choice: Choice | undefined) => {
    if (choice) {
      setOpen(false);
      onPick(choice.id);
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isInputMethod(event) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') {
      const step = event.code === 'ArrowDown' ? 1 : -1;
      setMarked((isOpen ? choices[(at + step + choices.length) % choices.length] : choices[0])?.id ?? null);
      setOpen(true);
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && shown) {
      if (!props.isWaiting || marked !== null) {
        pick(choices[at]);
      }
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className="combobox">
      <Input
        ref={props.inputRef ?? null}
        id={props.id ?? listId}
        aria-label={props.label}
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${listId}-list`}
        aria-activedescendant={shown && choices[at] ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        aria-describedby={props.describedBy}
        autoComplete="off"
        autoFocus={props.isAsked ?? false}
        data-testid={props.testId}
        value={props.value}
        placeholder={props.placeholder ?? ''}
        status={props.invalid ? 'error' : ''}
        maxLength={props.maxLength ?? 200}
        prefix={props.prefix}
        onChange={(event) => {
          setOpen(true);
          setMarked(null);
          onText(event.target.value);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <div
          id={`${listId}-list`}
          role="listbox"
          aria-label={props.label}
          className="choices"
          aria-busy={props.isWaiting ?? false}
        >
          {choices.length === 0 && <p className="empty">{note}</p>}
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={choice.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className="choice"
              data-testid={props.choiceTestId}
              // Pressing must not take the focus from the field.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => pick(choice)}
            >
              {choice.content}
            </div>
          ))}
          {choices.length > 0 && props.footnote && <p className="empty">{props.footnote}</p>}
        </div>
      )}
    </div>
  );
}
