import { Button } from 'antd';
import type { KeyboardEvent } from 'react';
import { chosenByKey } from './choice';
import { isInputMethod } from './ime';

interface ChoiceButtonsProps<Value extends string> {
  label: string;
  value: Value | null;
  choices: readonly { value: Value; text: string }[];
  /** Each choice is `testId-value` in the tests. */
  testId: string;
  isFirst?: boolean;
  onChoose(value: NoInfer<Value>): void;
}

/** One of few, as buttons: arrows move, a digit chooses the nth, Tab comes to the chosen one or to the first. */
export function ChoiceButtons<Value extends string>(props: ChoiceButtonsProps<Value>) {
  const { label, value, choices, testId, isFirst = false, onChoose } = props;
  const at = choices.findIndex((choice) => choice.value === value);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = isInputMethod(event) ? null : chosenByKey(event, at, choices.length);
    const choice = next === null ? undefined : choices[next];
    if (next !== null && choice) {
      onChoose(choice.value);
      event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div className="dispositions" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {choices.map((choice, index) => {
        const isStop = index === Math.max(0, at);
        return (
          <Button
            key={choice.value}
            type={index === at ? 'primary' : 'default'}
            role="radio"
            aria-checked={index === at}
            tabIndex={isStop ? 0 : -1}
            autoFocus={isFirst && isStop}
            onClick={() => onChoose(choice.value)}
            data-testid={`${testId}-${choice.value}`}
          >
            {index < 9 && <kbd>{index + 1}</kbd>} {choice.text}
          </Button>
        );
      })}
    </div>
  );
}
