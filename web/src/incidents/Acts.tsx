import { Button, Input } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, Disposition, IncidentDetail, IncidentSummary } from '../api/contract';
import { useAction, useBack } from '../shell/actions';
import { Combobox } from '../shell/Combobox';
import { chosenByKey } from '../shell/choice';
import { desk } from '../shell/desk';
import { findIncidents } from '../shell/find';
import { formatMeters } from '../shell/formats';
import { metersBetween } from '../shell/geo';
import { isInputMethod } from '../shell/ime';
import { keyLabel } from '../shell/keys';
import { describe } from '../shell/Pane';
import { Diamond } from '../shell/Signs';
import { PriorityField } from './PriorityField';
import { useDestinations } from './useBoard';

// Small panels in the detail pane that ask for what an act needs: a text, a reason, a hospital, a result.

interface ActProps {
  label: string;
  confirm: string;
  confirmTestId?: string;
  isSending: boolean;
  isReady: boolean;
  onConfirm(): void;
  children: ReactNode;
}

function Act({ label, confirm, confirmTestId, isSending, isReady, onConfirm, children }: ActProps) {
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

interface Sending {
  isSending: boolean;
}

export function NoteAct({ isSending, onNote }: Sending & { onNote(text: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <Act
      label={t('detail.noteLabel')}
      confirm={t('detail.saveNote')}
      confirmTestId="confirm-note"
      isSending={isSending}
      isReady={text.trim() !== ''}
      onConfirm={() => onNote(text.trim())}
    >
      <Input.TextArea
        autoFocus
        rows={2}
        maxLength={1000}
        value={text}
        placeholder={t('detail.noteHint')}
        onChange={(event) => setText(event.target.value)}
        data-testid="field-note"
      />
    </Act>
  );
}

export function RecallAct({
  isSending,
  assignment,
  onRecall,
}: Sending & { assignment: AssignmentView; onRecall(reason: string): void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <Act
      label={t('detail.reason', { unit: assignment.callSign })}
      confirm={t('detail.confirmRecall')}
      confirmTestId="confirm-recall"
      isSending={isSending}
      isReady={reason.trim() !== ''}
      onConfirm={() => onRecall(reason.trim())}
    >
      <Input
        autoFocus
        maxLength={200}
        value={reason}
        placeholder={t('detail.reasonHint')}
        onChange={(event) => setReason(event.target.value)}
        data-testid="field-reason"
      />
    </Act>
  );
}

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
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
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
    <Act
      label={t('detail.divertTo', { unit: assignment.callSign })}
      confirm={t('detail.confirmDivert')}
      confirmTestId="confirm-divert"
      isSending={isSending}
      isReady={chosen !== null && reason.trim() !== ''}
      onConfirm={() => chosen && onDivert(chosen, reason.trim())}
    >
      <Combobox
        isAsked
        label={t('detail.divertTo', { unit: assignment.callSign })}
        value={text}
        placeholder={t('detail.divertHint')}
        choices={chosen ? [] : choices}
        note={chosen ? null : t('detail.noOther')}
        testId="field-divert"
        choiceTestId="divert-option"
        onText={(next) => {
          setText(next);
          setChosen(null);
        }}
        onPick={(id) => {
          setChosen(id);
          setText(others.find((incident) => incident.id === id)?.number ?? '');
        }}
      />
      <Input
        maxLength={200}
        value={reason}
        placeholder={t('detail.divertWhy')}
        aria-label={t('detail.divertWhy')}
        onChange={(event) => setReason(event.target.value)}
        data-testid="field-divert-reason"
      />
    </Act>
  );
}

export function PriorityAct({
  isSending,
  incident,
  onPriority,
}: Sending & { incident: IncidentDetail; onPriority(priority: IncidentDetail['priority']): void }) {
  const { t } = useTranslation();
  const [priority, setPriority] = useState(incident.priority);
  return (
    <Act
      label={t('detail.priorityLabel')}
      confirm={t('detail.priority')}
      confirmTestId="confirm-priority"
      isSending={isSending}
      isReady={priority !== incident.priority}
      onConfirm={() => onPriority(priority)}
    >
      <PriorityField value={priority} testId="act-priority" onChange={setPriority} />
    </Act>
  );
}

const dispositions: Disposition[] = ['transported', 'treatedOnScene', 'refused', 'noPatient', 'cancelledByCaller', 'other'];

export function CloseAct({
  isSending,
  incident,
  onClose,
}: Sending & { incident: IncidentDetail; onClose(disposition: Disposition, note: string): void }) {
  const { t } = useTranslation();
  const wasTransported = incident.assignments.some(({ destinationId }) => destinationId !== null);
  const [disposition, setDisposition] = useState<Disposition | null>(wasTransported ? 'transported' : null);
  const [note, setNote] = useState('');
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const current = disposition === null ? -1 : dispositions.indexOf(disposition);
    const next = isInputMethod(event) ? null : chosenByKey(event, current, dispositions.length);
    const code = next === null ? undefined : dispositions[next];
    if (code) {
      setDisposition(code);
      event.currentTarget.querySelector<HTMLElement>(`[data-testid="disposition-${code}"]`)?.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const atWork = incident.assignments.filter(({ active }) => active).map(({ callSign }) => callSign);
  return (
    <Act
      label={t('detail.closeLabel')}
      confirm={t('detail.confirmClose')}
      confirmTestId="confirm-close"
      isSending={isSending}
      isReady={disposition !== null && atWork.length === 0}
      onConfirm={() => disposition && onClose(disposition, note)}
    >
      {atWork.length > 0 && <p className="fault">{t('detail.unitsActive', { units: atWork.join(', ') })}</p>}
      <div className="dispositions" role="radiogroup" aria-label={t('detail.closeLabel')} onKeyDown={onKeyDown}>
        {dispositions.map((code, index) => {
          // Tab comes to the chosen one, or to the first.
          const isStop = disposition === null ? index === 0 : code === disposition;
          return (
            <Button
              key={code}
              type={code === disposition ? 'primary' : 'default'}
              role="radio"
              aria-checked={code === disposition}
              tabIndex={isStop ? 0 : -1}
              autoFocus={isStop}
              onClick={() => setDisposition(code)}
              data-testid={`disposition-${code}`}
            >
              <kbd>{index + 1}</kbd> {t(`dispositions.${code}`)}
            </Button>
          );
        })}
      </div>
      <Input
        maxLength={1000}
        value={note}
        placeholder={`${t('detail.closeNote')} (${t('optional')})`}
        onChange={(event) => setNote(event.target.value)}
        data-testid="field-close-note"
      />
    </Act>
  );
}

export function HospitalAct({
  isSending,
  incident,
  assignment,
  onHospital,
}: Sending & { incident: IncidentDetail; assignment: AssignmentView; onHospital(destinationId: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error } = useDestinations();
  const choices = useMemo(() => {
    const at = [incident.place.lon, incident.place.lat] as const;
    return (data?.destinations ?? [])
      .filter(({ name }) => name.includes(text.trim()))
      .map((destination) => ({ ...destination, meters: metersBetween(at, [destination.lon, destination.lat]) }))
      .sort((one, other) => one.meters - other.meters);
  }, [data, text, incident.place.lon, incident.place.lat]);
  const listed = useMemo(
    () =>
      choices.map(({ id, name, meters }) => ({
        id,
        content: (
          <span className="place-choice">
            <strong>{name}</strong>
            <span className="number">{`${t('bar.airline')} ${formatMeters(meters)}`}</span>
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
      isReady={chosen !== null}
      onConfirm={() => chosen && onHospital(chosen)}
    >
      <Combobox
        isAsked
        label={t('detail.chooseHospital')}
        value={text}
        placeholder={t('detail.hospitalHint')}
        choices={chosen ? [] : listed}
        note={chosen ? null : error ? describe(error) : data ? t('detail.noHospital') : null}
        testId="field-hospital"
        choiceTestId="hospital-option"
        onText={(next) => {
          setText(next);
          setChosen(null);
        }}
        onPick={(id) => {
          setChosen(id);
          setText(choices.find((choice) => choice.id === id)?.name ?? '');
        }}
      />
    </Act>
  );
}
