import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail, IncidentSummary } from '../../api/contract';
import { Combobox } from '../../shell/Combobox';
import { findUnits } from '../../shell/find';
import { formatMeters } from '../../shell/formats';
import { metersBetween } from '../../shell/geo';
import type { UnitView } from '../../units/api';
import { unitPlace } from '../../units/order';
import { Act, type Sending, TextField } from './Act';
import { IncidentField } from './IncidentField';

/** To which incident a unit goes instead, and why. */
export function DivertAct({
  isSending,
  assignment,
  others,
  onDivert,
}: Sending & {
  assignment: AssignmentView;
  others: readonly IncidentSummary[];
  onDivert(toIncidentId: string, reason: string): void;
}) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const label = t('detail.divertTo', { unit: assignment.callSign });
  return (
    <Act
      label={label}
      confirm={t('detail.confirmDivert')}
      confirmTestId="confirm-divert"
      isSending={isSending}
      isReady={chosen !== null && reason.trim() !== ''}
      onConfirm={() => chosen && onDivert(chosen, reason.trim())}
    >
      <IncidentField label={label} others={others} testId="field-divert" choiceTestId="divert-option" onChoose={setChosen} />
      <TextField value={reason} placeholder={t('detail.divertWhy')} testId="field-divert-reason" onText={setReason} />
    </Act>
  );
}

/** Which unit takes the work over, the nearest first, and why. */
export function RelieveAct({
  isSending,
  incident,
  assignment,
  units,
  onRelieve,
}: Sending & {
  incident: IncidentDetail;
  assignment: AssignmentView;
  units: readonly UnitView[];
  onRelieve(unitId: string, reason: string): void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const agency = units.find(({ id }) => id === assignment.unitId)?.agency;
  const free = useMemo(() => {
    const at = [incident.place.lon, incident.place.lat] as const;
    return units
      .filter((unit) => unit.status === 'available' && unit.agency === agency)
      .map((unit) => {
        const { lon, lat } = unitPlace(unit, undefined);
        return { ...unit, meters: metersBetween(at, [lon, lat]) };
      })
      .sort((one, other) => one.meters - other.meters);
  }, [units, agency, incident.place.lon, incident.place.lat]);
  const choices = useMemo(
    () =>
      (text.trim() === '' ? free : findUnits(free, text)).slice(0, 20).map(({ id, callSign, stationName, meters }) => ({
        id,
        content: (
          <span className="place-choice">
            <strong>{callSign}</strong>
            <span className="note-text">{stationName}</span>
            <span className="number">{`${t('bar.airline')} ${formatMeters(meters)}`}</span>
          </span>
        ),
      })),
    [free, text, t],
  );
  const label = t('parts.relieveBy', { unit: assignment.callSign });
  return (
    <Act
      label={label}
      confirm={t('parts.confirmRelieve')}
      confirmTestId="confirm-relieve"
      isSending={isSending}
      isReady={chosen !== null && reason.trim() !== ''}
      onConfirm={() => chosen && onRelieve(chosen, reason.trim())}
    >
      <Combobox
        isAsked
        label={label}
        value={text}
        placeholder={t('parts.relieveHint')}
        choices={chosen ? [] : choices}
        note={chosen ? null : t('parts.noFreeUnit')}
        testId="field-relieve"
        choiceTestId="relieve-option"
        onText={(next) => {
          setText(next);
          setChosen(null);
        }}
        onPick={(id) => {
          setChosen(id);
          setText(free.find((unit) => unit.id === id)?.callSign ?? '');
        }}
      />
      <TextField value={reason} placeholder={t('parts.relieveWhy')} testId="field-relieve-reason" onText={setReason} />
    </Act>
  );
}
