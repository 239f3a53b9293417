import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../api/contract';
import { Combobox } from '../../shell/Combobox';
import { findIncidents } from '../../shell/find';
import { Diamond } from '../../shell/Signs';

interface IncidentFieldProps {
  label: string;
  others: readonly IncidentSummary[];
  testId: string;
  choiceTestId: string;
  /** Null while nothing is chosen. */
  onChoose(incidentId: string | null): void;
}

/** Another incident, by its number, complaint or address. */
export function IncidentField({ label, others, testId, choiceTestId, onChoose }: IncidentFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [isChosen, setChosen] = useState(false);
  const choices = useMemo(
    () =>
      (text.trim() === '' ? others : findIncidents(others, text)).map((incident) => ({
        id: incident.id,
        content: (
          <span className="place-choice">
            <Diamond priority={incident.priority} />
            <strong>{incident.number}</strong>
            <span className="note-text">
              {incident.complaint} · {incident.place.address}
            </span>
          </span>
        ),
      })),
    [others, text],
  );
  return (
    <Combobox
      isAsked
      label={label}
      value={text}
      placeholder={t('detail.divertHint')}
      choices={isChosen ? [] : choices}
      note={isChosen ? null : t('detail.noOther')}
      testId={testId}
      choiceTestId={choiceTestId}
      onText={(next) => {
        setText(next);
        setChosen(false);
        onChoose(null);
      }}
      onPick={(id) => {
        setChosen(true);
        onChoose(id);
        setText(others.find((incident) => incident.id === id)?.number ?? '');
      }}
    />
  );
}
