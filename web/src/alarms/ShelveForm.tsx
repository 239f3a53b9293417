import { Button, Input } from 'antd';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useBack } from '../shell/actions';
import { chosenByKey } from '../shell/choice';
import { inLanguage } from '../shell/i18n';
import { isInputMethod } from '../shell/ime';
import { keyLabel } from '../shell/keys';
import { subjectOf } from './AlarmSigns';
import { type Alarm, type ShelfMinutes, shelfMinutes } from './api';

interface ShelveFormProps {
  alarm: Alarm;
  isSending: boolean;
  onShelve(minutes: ShelfMinutes, reason: string): void;
  onBack(): void;
}

/** For how long an alarm is laid aside, and why. It comes back by itself. */
export function ShelveForm({ alarm, isSending, onShelve, onBack }: ShelveFormProps) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<ShelfMinutes>(15);
  const [reason, setReason] = useState('');
  const choices = useRef<HTMLDivElement>(null);
  const isReady = reason.trim() !== '' && !isSending;
  const shelve = () => onShelve(minutes, reason.trim());
  useAction('submit', isReady ? shelve : null);
  useBack(onBack);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = isInputMethod(event) ? null : chosenByKey(event, shelfMinutes.indexOf(minutes), shelfMinutes.length);
    const chosen = next === null ? undefined : shelfMinutes[next];
    if (next !== null && chosen) {
      event.preventDefault();
      setMinutes(chosen);
      choices.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
    }
  };

  const label = t('alarms.shelveFor', { what: `${inLanguage(alarm.what)} ${subjectOf(alarm)}`.trim() });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this
    <div className="act" role="group" aria-label={label}>
      <span className="act-label">{label}</span>
      <div ref={choices} role="radiogroup" aria-label={t('alarms.minutesLabel')} className="dispositions" onKeyDown={onKeyDown}>
        {shelfMinutes.map((choice, index) => (
          <Button
            key={choice}
            role="radio"
            aria-checked={choice === minutes}
            type={choice === minutes ? 'primary' : 'default'}
            tabIndex={choice === minutes ? 0 : -1}
            onClick={() => setMinutes(choice)}
            data-testid={`shelve-${choice}`}
          >
            <kbd>{index + 1}</kbd> {t('alarms.minutes', { count: choice })}
          </Button>
        ))}
      </div>
      <Input
        autoFocus
        maxLength={200}
        value={reason}
        placeholder={t('alarms.shelveReason')}
        aria-label={t('alarms.shelveReason')}
        onChange={(event) => setReason(event.target.value)}
        data-testid="field-shelve-reason"
      />
      <span className="act-buttons">
        <Button onClick={onBack}>
          {t('detail.backButton')} <kbd>{keyLabel('back')}</kbd>
        </Button>
        <Button type="primary" disabled={!isReady} loading={isSending} onClick={shelve} data-testid="confirm-shelve">
          {t('alarms.shelve')} <kbd>{keyLabel('submit')}</kbd>
        </Button>
      </span>
    </div>
  );
}
