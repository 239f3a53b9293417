import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction, useBack } from '../shell/actions';
import { inLanguage } from '../shell/i18n';
import { keyLabel } from '../shell/keys';
import { Failure } from '../shell/Pane';
import type { ChoiceRow } from './HospitalPane';
import { SummaryFields } from './SummaryFields';
import type { usePrealert } from './usePrealert';

interface PrealertFormProps {
  callSign: string;
  hospital: ChoiceRow;
  prealert: ReturnType<typeof usePrealert>;
  onSent(): void;
  onBack(): void;
}

/** What the chosen hospital is told. It stands where the list stood, which Esc brings back with all that was typed. */
export function PrealertForm({ callSign, hospital, prealert, onSent, onBack }: PrealertFormProps) {
  const { t } = useTranslation();
  const { draft, change, send, isSending, problem } = prealert;
  const isReady = draft.complaint.trim() !== '' && !isSending;
  const submit = async () => {
    if (await send(hospital.id)) {
      onSent();
    }
  };
  useAction('submit', isReady ? () => void submit() : null);
  useBack(onBack);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this
    <div className="act" role="group" aria-label={t('choice.tell')} data-testid="prealert-form">
      <span className="act-label">
        <strong className="call-sign">{callSign}</strong> →{' '}
        {t('choice.tellWhom', { hospital: inLanguage({ zh: hospital.name, en: hospital.nameEn }) })}
      </span>
      <span className={hospital.rank === null ? 'choice-note mark-warn' : 'note-text'} data-testid="prealert-why">
        {hospital.rank === null && `${t('choice.phoneFirst')} · `}
        {inLanguage(hospital.reason)}
      </span>
      <SummaryFields draft={draft} onChange={change} />
      {problem !== null && <Failure failure={problem} />}
      <span className="act-buttons">
        <Button onClick={onBack}>
          {t('detail.backButton')} <kbd>Esc</kbd>
        </Button>
        <Button type="primary" disabled={!isReady} loading={isSending} onClick={() => void submit()} data-testid="send-prealert">
          {t('choice.tell')} <kbd>{keyLabel('submit')}</kbd>
        </Button>
      </span>
    </div>
  );
}
