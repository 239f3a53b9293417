import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { server } from '../api/server';
import { locateOnMap } from '../map/control';
import { useAction } from '../shell/actions';
import type { Act } from '../shell/desk';
import { type Action, keyLabel } from '../shell/keys';
import type { Send } from './OpenAct';

interface DetailActsProps {
  incident: IncidentDetail;
  isSending: boolean;
  onOpen(act: Act): void;
  done: Send;
}

/** What is done with the incident itself. A closed one takes notes and corrections, and is reopened by the key that closes. */
export function DetailActs({ incident, isSending, onOpen, done }: DetailActsProps) {
  const { t } = useTranslation();
  const isOpen = incident.status !== 'closed';
  const { place } = incident;
  const locate = () => locateOnMap([place.lon, place.lat]);
  const readBack = () => void done(() => server.readBack(incident.id));
  const { required } = incident;
  const raiseTo = isOpen && required && required.priority < incident.priority ? required.priority : null;
  const raise = () => void done(() => server.changePriority(incident.id, raiseTo ?? incident.priority));
  const mayReadBack = isOpen && !place.readBack;
  useAction('note', () => onOpen('note'));
  useAction('priority', isOpen ? () => onOpen('priority') : null);
  useAction('raise', raiseTo !== null && !isSending ? raise : null);
  useAction('close', () => onOpen(isOpen ? 'close' : 'reopen'));
  useAction('readBack', mayReadBack && !isSending ? readBack : null);
  useAction('locate', locate);
  return (
    <div className="detail-acts">
      {raiseTo !== null && (
        <ActButton
          text={t('parts.raise', { source: required?.source, to: raiseTo })}
          action="raise"
          testId="raise"
          onClick={raise}
        />
      )}
      <ActButton text={t('detail.note')} action="note" testId="note" onClick={() => onOpen('note')} />
      {isOpen && <ActButton text={t('detail.priority')} action="priority" testId="priority" onClick={() => onOpen('priority')} />}
      {mayReadBack && <ActButton text={t('detail.readBack')} action="readBack" testId="read-back" onClick={readBack} />}
      <ActButton text={t('detail.locate')} action="locate" testId="locate" onClick={locate} />
      {isOpen ? (
        <ActButton text={t('detail.close')} action="close" testId="close-incident" onClick={() => onOpen('close')} />
      ) : (
        <ActButton text={t('parts.reopen')} action="close" testId="reopen" onClick={() => onOpen('reopen')} />
      )}
    </div>
  );
}

interface ActButtonProps {
  text: string;
  action: Action;
  testId: string;
  onClick(): void;
}

const ActButton = ({ text, action, testId, onClick }: ActButtonProps) => (
  <Button onClick={onClick} data-testid={testId}>
    {text} <kbd>{keyLabel(action)}</kbd>
  </Button>
);
