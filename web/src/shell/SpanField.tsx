import { useTranslation } from 'react-i18next';

interface SpanFieldProps {
  label: string;
  days: number;
  choices: readonly number[];
  testId: string;
  onDays(days: number): void;
}

/** How many days back a page looks. */
export function SpanField({ label, days, choices, testId, onDays }: SpanFieldProps) {
  const { t } = useTranslation();
  return (
    <label className="eta-span">
      {label}
      <select className="native" value={days} onChange={(event) => onDays(Number(event.target.value))} data-testid={testId}>
        {choices.map((value) => (
          <option key={value} value={value}>
            {t('eta.days', { count: value })}
          </option>
        ))}
      </select>
    </label>
  );
}
