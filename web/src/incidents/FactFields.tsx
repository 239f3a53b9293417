import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../shell/Field';
import type { DraftFacts } from './draft';

interface FactFieldsProps {
  facts: DraftFacts;
  fault: string | null;
  onChange(facts: Partial<DraftFacts>): void;
}

/** What else is asked: consciousness, breathing, sex, age, how many. The browser's own lists, so that one letter answers. */
export function FactFields({ facts, fault, onChange }: FactFieldsProps) {
  const { t } = useTranslation();
  const choice = <Name extends 'conscious' | 'breathing' | 'sex'>(name: Name, answers: readonly DraftFacts[Name][]) => (
    <label>
      {t(`calls.${name}`)}
      <select
        className="native"
        data-testid={`field-${name}`}
        value={facts[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
      >
        <option value="">{t('calls.unknown')}</option>
        {answers.map((answer) => (
          <option key={answer} value={answer}>
            {t(`calls.${answer as 'yes'}`)}
          </option>
        ))}
      </select>
    </label>
  );
  const figure = (name: 'age' | 'persons') => (
    <label htmlFor={`field-${name}`}>
      {t(`calls.${name}`)}
      <Input
        id={`field-${name}`}
        data-testid={`field-${name}`}
        inputMode="numeric"
        maxLength={3}
        autoComplete="off"
        value={facts[name]}
        status={fault ? 'error' : ''}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    </label>
  );
  return (
    <Field name="conscious" label={t('calls.facts')} fault={fault}>
      <div className="asked-facts">
        {choice('conscious', ['yes', 'no'])}
        {choice('breathing', ['yes', 'no'])}
        {choice('sex', ['male', 'female'])}
        {figure('age')}
        {figure('persons')}
      </div>
    </Field>
  );
}
