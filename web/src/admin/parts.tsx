import { Button, Input } from 'antd';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/request';
import { useAction } from '../shell/actions';
import { type Action, keyLabel } from '../shell/keys';
import { Failure } from '../shell/Pane';

/** Acts on the second press: the first says what will happen. Leaving it takes the first press back. */
export function ConfirmButton({
  text,
  confirm,
  testId,
  isDisabled = false,
  action,
  onConfirm,
}: {
  text: string;
  confirm: string;
  testId: string;
  isDisabled?: boolean;
  /** Its key, where it has one. */
  action?: Action;
  onConfirm(): void;
}) {
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const press = () => {
    if (askedAt === null) {
      setAskedAt(performance.now());
      // Leaving it takes the question back: whoever asked by key has to stand on it.
      button.current?.focus();
    } else if (performance.now() - askedAt >= 300) {
      // A double click is one press.
      setAskedAt(null);
      onConfirm();
    }
  };
  useAction(action ?? 'close', action && !isDisabled ? press : null);
  return (
    <Button
      ref={button}
      danger={askedAt !== null}
      disabled={isDisabled}
      data-testid={testId}
      data-asked={askedAt !== null}
      onBlur={() => setAskedAt(null)}
      onKeyDown={(event) => {
        if (event.code === 'Escape') {
          setAskedAt(null);
        }
      }}
      onClick={press}
    >
      {askedAt === null ? text : confirm}
      {action && (
        <>
          {' '}
          <kbd>{keyLabel(action)}</kbd>
        </>
      )}
    </Button>
  );
}

/** A password or key that the server will not show again. */
export function Secret({ title, value, onDone }: { title: string; value: string; onDone(): void }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Over http the browser copies nothing: the text is selected for the hand.
      getSelection()?.selectAllChildren(box.current?.querySelector('code') ?? document.body);
    }
  };
  return (
    <div ref={box} className="secret" role="status" tabIndex={-1} data-testid="secret">
      <span>
        {title} <span className="mark mark-warn">{t('admin.once')}</span>
      </span>
      <code data-testid="secret-value">{value}</code>
      <Button onClick={() => void copy()} data-testid="secret-copy">
        {t(isCopied ? 'admin.copied' : 'admin.copy')}
      </Button>
      <Button type="primary" onClick={onDone} data-testid="secret-done">
        {t('admin.noted')}
      </Button>
    </div>
  );
}

interface AddFormProps {
  label: string;
  submit: string;
  testId: string;
  isSending: boolean;
  /** Refused for another reason than one of the fields. */
  problem: unknown;
  /** Somebody else changed it meanwhile: shows what he made of it, and what was typed is gone. */
  onReload?: (() => void) | undefined;
  /** What else may be done with it, beside the button that sends. */
  acts?: ReactNode;
  onSubmit(): void;
  children: ReactNode;
}

/** The form above a table: Enter in any field sends it. */
export function AddForm({ label, submit, testId, isSending, problem, onReload, acts, onSubmit, children }: AddFormProps) {
  const isStale = problem instanceof Problem && problem.status === 412;
  return (
    <form
      className="admin-form"
      aria-label={label}
      data-testid={testId}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!isSending) {
          onSubmit();
        }
      }}
    >
      <h3>{label}</h3>
      <div className="admin-fields">{children}</div>
      {problem !== null && <Failure failure={problem} {...(onReload && isStale ? { onRetry: onReload } : {})} />}
      <div className="admin-acts">
        <Button type="primary" htmlType="submit" loading={isSending} data-testid={`${testId}-submit`}>
          {submit} <kbd>Enter</kbd>
        </Button>
        {acts}
      </div>
    </form>
  );
}

interface TextProps {
  id: string;
  value: string;
  maxLength: number;
  placeholder?: string;
  /** Where the field's own label speaks of more than this. */
  label?: string;
  isFaulty: boolean;
  onText(text: string): void;
}

export const TextInput = ({ id, value, maxLength, placeholder, label, isFaulty, onText }: TextProps) => (
  <Input
    id={`field-${id}`}
    data-testid={`field-${id}`}
    value={value}
    maxLength={maxLength}
    autoComplete="off"
    status={isFaulty ? 'error' : ''}
    aria-invalid={isFaulty}
    aria-describedby={isFaulty ? `fault-${id}` : undefined}
    aria-label={label}
    {...(placeholder ? { placeholder } : {})}
    onChange={(event) => onText(event.target.value)}
  />
);

interface ChoiceProps {
  id: string;
  value: string;
  options: readonly { value: string; label: string }[];
  isFaulty: boolean;
  onPick(value: string): void;
}

/** The browser's own list: arrows, letters and screen readers work as everywhere else. */
export function Choice({ id, value, options, isFaulty, onPick }: ChoiceProps) {
  return (
    <select
      id={`field-${id}`}
      data-testid={`field-${id}`}
      className="native native-wide"
      value={value}
      aria-invalid={isFaulty}
      aria-describedby={isFaulty ? `fault-${id}` : undefined}
      onChange={(event) => onPick(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** A day and a time of the city, by the browser's own field. */
export const MomentInput = ({ id, value, isFaulty, onText }: Pick<TextProps, 'id' | 'value' | 'isFaulty' | 'onText'>) => (
  <input
    id={`field-${id}`}
    data-testid={`field-${id}`}
    type="datetime-local"
    className="native native-wide"
    value={value}
    aria-invalid={isFaulty}
    aria-describedby={isFaulty ? `fault-${id}` : undefined}
    onChange={(event) => onText(event.target.value)}
  />
);
