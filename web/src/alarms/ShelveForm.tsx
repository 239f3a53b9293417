import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../incidents/acts/Act';
import { useAction, useBack } from '../shell/actions';
import { ChoiceButtons } from '../shell/ChoiceButtons';
import { inLanguage } from '../shell/i18n';
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
  const isReady = reason.trim() !== '' && !isSending;
  const shelve = () => onShelve(minutes, reason.trim());
  useAction('submit', isReady ? shelve : null);
  useBack(onBack);

  const label = t('alarms.shelveFor', { what: `${inLanguage(alarm.what)} ${subjectOf(alarm)}`.trim() });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this
    <div className="act" role="group" aria-label={label}>
      <span className="act-label">{label}</span>
      <ChoiceButtons
        label={t('alarms.minutesLabel')}
        value={String(minutes)}
        choices={shelfMinutes.map((count) => ({ value: String(count), text: t('alarms.minutes', { count }) }))}
        testId="shelve"
        onChoose={(value) => setMinutes(shelfMinutes.find((count) => String(count) === value) ?? minutes)}
      />
      <TextField isFirst value={reason} placeholder={t('alarms.shelveReason')} testId="field-shelve-reason" onText={setReason} />
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
