import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Disposition, IncidentDetail, IncidentSummary } from '../../api/contract';
import { ChoiceButtons } from '../../shell/ChoiceButtons';
import { PriorityField } from '../PriorityField';
import { Act, type Sending, TextField } from './Act';
import { IncidentField } from './IncidentField';

/** Something to be written down; some of it may be said already. */
export function NoteAct({ isSending, said, onNote }: Sending & { said: string; onNote(text: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(said);
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
      <ChoiceButtons
        isFirst
        label={t('detail.closeLabel')}
        value={disposition}
        choices={dispositions.map((code) => ({ value: code, text: t(`dispositions.${code}`) }))}
        testId="disposition"
        onChoose={setDisposition}
      />
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

/** Something to be done beside the units' work, and by whom. */
export function TodoAct({ isSending, onTodo }: Sending & { onTodo(text: string, forWhom: string | null): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [forWhom, setForWhom] = useState('');
  return (
    <Act
      label={t('parts.addTodo')}
      confirm={t('parts.saveTodo')}
      confirmTestId="confirm-todo"
      isSending={isSending}
      isReady={text.trim() !== ''}
      onConfirm={() => onTodo(text.trim(), forWhom.trim() || null)}
    >
      <TextField isFirst value={text} placeholder={t('parts.todoHint')} testId="field-todo" onText={setText} />
      <TextField
        value={forWhom}
        most={60}
        placeholder={`${t('parts.todoFor')} (${t('optional')})`}
        testId="field-todo-for"
        onText={setForWhom}
      />
    </Act>
  );
}

/** To which incident this one belongs, and why. */
export function LinkAct({
  isSending,
  others,
  onLink,
}: Sending & { others: readonly IncidentSummary[]; onLink(otherId: string, reason: string): void }) {
  const { t } = useTranslation();
  const [other, setOther] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  return (
    <Act
      label={t('parts.linkTo')}
      confirm={t('parts.link')}
      confirmTestId="confirm-link"
      isSending={isSending}
      isReady={other !== null && reason.trim() !== ''}
      onConfirm={() => other && onLink(other, reason.trim())}
    >
      <IncidentField
        label={t('parts.linkTo')}
        others={others}
        testId="field-link"
        choiceTestId="link-option"
        onChoose={setOther}
      />
      <TextField value={reason} placeholder={t('parts.linkWhy')} testId="field-link-reason" onText={setReason} />
    </Act>
  );
}
