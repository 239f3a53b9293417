import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { type SummaryDraft, vitalFields } from './summary';

const firstVitals = ['heartRate', 'spo2Percent', 'systolicMmHg', 'diastolicMmHg', 'gcs'] as const;

/** What a hospital is told of a patient: enough to prepare, and nothing that names him. */
export function SummaryFields({
  draft,
  isShort = false,
  onChange,
}: {
  draft: SummaryDraft;
  /** For a hand in a moving vehicle: what is measured first, and no keyboard slides over the screen by itself. */
  isShort?: boolean;
  onChange(part: Partial<SummaryDraft>): void;
}) {
  const { t } = useTranslation();
  const figure = (name: string, label: string, value: string, onText: (text: string) => void) => (
    <label key={name} htmlFor={`summary-${name}`}>
      {label}
      <Input
        id={`summary-${name}`}
        inputMode="decimal"
        maxLength={5}
        autoComplete="off"
        value={value}
        onChange={(event) => onText(event.target.value)}
        data-testid={`summary-${name}`}
      />
    </label>
  );
  const line = (name: 'complaint' | 'determinant' | 'text', most: number) => (
    <label className="summary-line" htmlFor={`summary-${name}`}>
      {t(`choice.${name}`)}
      <Input
        id={`summary-${name}`}
        maxLength={most}
        autoComplete="off"
        autoFocus={!isShort && name === 'complaint'}
        value={draft[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
        data-testid={`summary-${name}`}
      />
    </label>
  );
  return (
    <div className="summary">
      {line('complaint', 200)}
      {!isShort && line('determinant', 200)}
      {figure('age', t('choice.age'), draft.age, (age) => onChange({ age }))}
      <label>
        {t('choice.sex')}
        <select
          className="native"
          value={draft.sex}
          onChange={(event) => onChange({ sex: event.target.value as SummaryDraft['sex'] })}
          data-testid="summary-sex"
        >
          <option value="">{t('choice.notKnown')}</option>
          <option value="male">{t('hospital.sex.male')}</option>
          <option value="female">{t('hospital.sex.female')}</option>
        </select>
      </label>
      {(isShort ? firstVitals : vitalFields).map((field) =>
        figure(field, t(`choice.vitals.${field}`), draft.vitals[field], (text) =>
          onChange({ vitals: { ...draft.vitals, [field]: text } }),
        ),
      )}
      {line('text', 500)}
    </div>
  );
}
