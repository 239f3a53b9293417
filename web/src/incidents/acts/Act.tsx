import { Button, Input } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useBack } from '../../shell/actions';
import { desk } from '../../shell/desk';
import { keyLabel } from '../../shell/keys';

interface ActProps {
  label: string;
  confirm: string;
  confirmTestId?: string;
  isSending: boolean;
  isReady: boolean;
  onConfirm(): void;
  children: ReactNode;
}

/** A small panel in the detail pane that asks for what an act needs: a text, a reason, a hospital, a result. */
export function Act({ label, confirm, confirmTestId, isSending, isReady, onConfirm, children }: ActProps) {
  const { t } = useTranslation();
  const act = isSending || !isReady ? null : onConfirm;
  useAction('submit', act);
  useBack(() => desk.show(null));
  // On a low screen the pane has scrolled: what is asked for comes into view whole.
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this
    <div ref={panel} className="act" role="group" aria-label={label}>
      <span className="act-label">{label}</span>
      {children}
      <span className="act-buttons">
        <Button onClick={() => desk.show(null)}>
          {t('detail.backButton')} <kbd>Esc</kbd>
        </Button>
        <Button type="primary" disabled={!isReady} loading={isSending} onClick={() => act?.()} data-testid={confirmTestId}>
          {confirm} <kbd>{keyLabel('submit')}</kbd>
        </Button>
      </span>
    </div>
  );
}

export interface Sending {
  isSending: boolean;
}

/** A text that must be given, such as why. */
interface TextFieldProps {
  value: string;
  placeholder: string;
  testId: string;
  isFirst?: boolean;
  most?: number;
  onText(text: string): void;
}

export const TextField = ({ value, placeholder, testId, isFirst = false, most = 200, onText }: TextFieldProps) => (
  <Input
    autoFocus={isFirst}
    maxLength={most}
    value={value}
    placeholder={placeholder}
    aria-label={placeholder}
    onChange={(event) => onText(event.target.value)}
    data-testid={testId}
  />
);

interface ReasonActProps extends Sending {
  label: string;
  confirm: string;
  /** `field-NAME` and `confirm-NAME` in the tests. */
  name: string;
  hint: string;
  onReason(reason: string): void;
}

/** An act that needs one thing to be said. */
export function ReasonAct({ label, confirm, name, hint, isSending, onReason }: ReasonActProps) {
  const [reason, setReason] = useState('');
  return (
    <Act
      label={label}
      confirm={confirm}
      confirmTestId={`confirm-${name}`}
      isSending={isSending}
      isReady={reason.trim() !== ''}
      onConfirm={() => onReason(reason.trim())}
    >
      <TextField isFirst value={reason} placeholder={hint} testId={`field-${name}`} onText={setReason} />
    </Act>
  );
}
