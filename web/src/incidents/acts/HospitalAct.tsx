import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail } from '../../api/contract';
import { useChoice, useSent } from '../../hospital/useChoice';
import { Combobox } from '../../shell/Combobox';
import { formatDuration, formatMeters } from '../../shell/formats';
import { metersBetween } from '../../shell/geo';
import { inLanguage } from '../../shell/i18n';
import { describe } from '../../shell/Pane';
import { useDestinations } from '../useBoard';
import { Act, type Sending } from './Act';

/**
 * Where a unit that leaves the scene brings its patient: the one that was told of him, else the ranked ones with their reasons. Who is left out can
 * still be said, and stands last with why; so does every place of which no road time is known.
 */
export function HospitalAct({
  isSending,
  incident,
  assignment,
  onHospital,
}: Sending & { incident: IncidentDetail; assignment: AssignmentView; onHospital(destinationId: string): void }) {
  const { t } = useTranslation();
  const { data, error } = useDestinations();
  const ranking = useChoice({ id: assignment.id, incidentId: incident.id }).ranking.data;
  const told = useSent(assignment.id).data?.at(-1)?.hospitalId ?? null;
  // The panel opens long after this was read: the run's row shows it.
  const [typed, setTyped] = useState<{ text: string; id: string | null }>({ text: '', id: told });
  const name = data?.destinations.find(({ id }) => id === typed.id)?.name;
  const text = name ?? typed.text;
  const choices = useMemo(() => {
    const at = [incident.place.lon, incident.place.lat] as const;
    const ranks = new Map(ranking?.hospitals.map((one) => [one.hospitalId, one]));
    const leftOut = new Map(ranking?.leftOut.map((one) => [one.hospitalId, one]));
    return (data?.destinations ?? [])
      .filter((destination) => destination.name.includes(text.trim()))
      .map((destination) => ({
        ...destination,
        ranked: ranks.get(destination.id),
        out: leftOut.get(destination.id),
        meters: metersBetween(at, [destination.lon, destination.lat]),
      }))
      .sort(
        (one, other) =>
          Number(one.out !== undefined) - Number(other.out !== undefined) ||
          (one.ranked?.rank ?? Number.MAX_SAFE_INTEGER) - (other.ranked?.rank ?? Number.MAX_SAFE_INTEGER) ||
          one.meters - other.meters,
      );
  }, [data, ranking, text, incident.place.lon, incident.place.lat]);
  const listed = useMemo(
    () =>
      choices.map(({ id, name: called, meters, ranked, out }) => ({
        id,
        content: (
          <span className="place-choice">
            <strong>{called}</strong>
            <span className="number">
              {ranked ? formatDuration(ranked.roadSeconds) : `${t('bar.airline')} ${formatMeters(meters)}`}
            </span>
            <span className="note-text">
              {out && `${t('choice.leftOut')} · `}
              {(ranked ?? out) && inLanguage((ranked ?? out)?.reason ?? { zh: '', en: '' })}
            </span>
          </span>
        ),
      })),
    [choices, t],
  );
  return (
    <Act
      label={t('detail.hospitalFor', { unit: assignment.callSign })}
      confirm={t('milestones.leftScene')}
      confirmTestId="confirm-hospital"
      isSending={isSending}
      isReady={typed.id !== null}
      onConfirm={() => typed.id && onHospital(typed.id)}
    >
      <Combobox
        isAsked
        label={t('detail.chooseHospital')}
        value={text}
        placeholder={t('detail.hospitalHint')}
        choices={typed.id ? [] : listed}
        note={typed.id ? null : error ? describe(error) : data ? t('detail.noHospital') : null}
        testId="field-hospital"
        choiceTestId="hospital-option"
        onText={(next) => setTyped({ text: next, id: null })}
        onPick={(id) => setTyped({ text: '', id })}
      />
    </Act>
  );
}
