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
  /** Enter is for the text as it is: Tab takes a choice, Enter one that somebody went to. */
  onEnter?(): void;
  onFocusChange?(hasFocus: boolean): void;
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
  // A choice that somebody went to stays marked when others come; without it the first one is, if Enter would take it.
  const at = Math.max(
    props.onEnter ? -1 : 0,
    choices.findIndex(({ id }) => id === marked),
  );

  const pick = (choice: Choice | undefined) => {
    if (choice) {
      setOpen(props.onEnter !== undefined);
      setMarked(null);
      onPick(choice.id);
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isInputMethod(event) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const isEnter = event.code === 'Enter' || event.code === 'NumpadEnter';
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') {
      const next = event.code === 'ArrowDown' ? at + 1 : at < 0 ? -1 : at - 1;
      setMarked((isOpen ? choices.at(next % choices.length) : choices[0])?.id ?? null);
      setOpen(true);
    } else if (props.onEnter && event.code === 'Tab' && !event.shiftKey && shown && choices.length > 0) {
      pick(choices[Math.max(0, at)]);
    } else if (props.onEnter && isEnter && !(shown && at >= 0)) {
      if (!event.repeat) {
        props.onEnter();
      }
    } else if (isEnter && shown) {
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
        onFocus={() => props.onFocusChange?.(true)}
        onBlur={() => {
          setOpen(false);
          props.onFocusChange?.(false);
        }}
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
