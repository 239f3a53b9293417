import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Priority } from '../api/contract';
import { chosenByKey } from '../shell/choice';
import { isInputMethod } from '../shell/ime';
import { Diamond } from '../shell/Signs';

interface PriorityFieldProps {
  value: Priority;
  testId: string;
  onChange(priority: Priority): void;
}

const all = [1, 2, 3, 4] as const;

/** Four diamonds; arrows move between them, a digit chooses while the focus is here. */
export function PriorityField({ value, testId, onChange }: PriorityFieldProps) {
  const { t } = useTranslation();
  const choose = (priority: Priority) => {
    onChange(priority);
    document.querySelector<HTMLElement>(`[data-testid="${testId}-${priority}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = isInputMethod(event) ? null : chosenByKey(event, all.indexOf(value), all.length);
    if (next !== null) {
      choose(all[next] ?? value);
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div role="radiogroup" aria-label={t('priority.label')} className="priorities" onKeyDown={onKeyDown}>
      {all.map((priority) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold the diamond
        <button
          key={priority}
          type="button"
          role="radio"
          aria-checked={priority === value}
          tabIndex={priority === value ? 0 : -1}
          data-testid={`${testId}-${priority}`}
          className="priority"
          onClick={() => choose(priority)}
        >
          <Diamond priority={priority} />
          <span>{t(`priority.p${priority}`)}</span>
        </button>
      ))}
    </div>
  );
}
