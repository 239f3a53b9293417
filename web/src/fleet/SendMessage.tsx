import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../api/server';
import { serverNow } from '../shell/clock';
import { formatMoment } from '../shell/formats';
import { isInputMethod } from '../shell/ime';
import { Failure } from '../shell/Pane';
import { fleetApi, type OneVehicle, type TerminalMessage } from './api';
import { useMessages } from './useFleet';

const mostLetters = 500;
const shownMessages = 5;

/** A text to the driver. Its id is made with the text: whoever presses again after a failure sends the same message, not a second one. */
export function SendMessage({ terminals }: { terminals: OneVehicle['terminals'] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [number, setNumber] = useState<string | null>(null);
  const terminal =
    terminals.find((one) => one.terminal === number) ?? terminals.find(({ protocol }) => protocol === 'jt808') ?? terminals[0];
  const [draft, setDraft] = useState({ id: newId(), text: '', urgent: false });
  const [problem, setProblem] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const messages = useMessages(terminal ?? null);

  if (!terminal) {
    return null;
  }
  const send = async () => {
    if (isSending || draft.text.trim() === '') {
      return;
    }
    setSending(true);
    setProblem(null);
    try {
      await fleetApi.send(terminal, draft.id, draft.text.trim(), draft.urgent);
      setDraft({ id: newId(), text: '', urgent: false });
      await queries.invalidateQueries({ queryKey: ['fleet', 'messages'] });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      className="send-message"
      aria-label={t('fleet.message')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h3>
        {t('fleet.message')} <span className="note-text number">{t('fleet.messageTo', { terminal: terminal.terminal })}</span>
      </h3>
      {terminals.length > 1 && (
        <select className="native native-wide" value={terminal.terminal} onChange={(event) => setNumber(event.target.value)}>
          {terminals.map((one) => (
            <option key={`${one.protocol}/${one.terminal}`} value={one.terminal}>
              {one.protocol} {one.terminal}
            </option>
          ))}
        </select>
      )}
      <div className="send-line">
        <Input
          value={draft.text}
          maxLength={mostLetters}
          placeholder={t('fleet.messageHint')}
          aria-label={t('fleet.message')}
          autoComplete="off"
          data-testid="message-text"
          onKeyDown={(event) => {
            // The Enter that takes a word from the input method sends nothing.
            if (event.key === 'Enter' && isInputMethod(event)) {
              event.preventDefault();
            }
          }}
          // Another text is another message.
          onChange={(event) =>
            setDraft({ id: problem === null ? draft.id : newId(), text: event.target.value, urgent: draft.urgent })
          }
        />
        <Checkbox checked={draft.urgent} onChange={(event) => setDraft({ ...draft, urgent: event.target.checked })}>
          {t('fleet.urgent')}
        </Checkbox>
        <Button
          type="primary"
          htmlType="submit"
          loading={isSending}
          disabled={draft.text.trim() === ''}
          data-testid="send-message"
        >
          {t(problem === null ? 'fleet.send' : 'fleet.resend')} <kbd>Enter</kbd>
        </Button>
      </div>
      {problem !== null && <Failure failure={problem} />}
      {messages.isError && <Failure failure={messages.error} onRetry={() => void messages.refetch()} />}
      <ol className="messages" aria-live="polite">
        {messages.data?.messages.slice(0, shownMessages).map((message) => (
          <Line key={message.id} message={message} />
        ))}
      </ol>
      {messages.data?.messages.length === 0 && <p className="note-text">{t('fleet.noMessages')}</p>}
    </form>
  );
}

const signs = { waiting: '○', sent: '◔', received: '●', failed: '✕', expired: '–' } as const;

function Line({ message }: { message: TerminalMessage }) {
  const { t } = useTranslation();
  const kind = message.kind as 'text';
  return (
    <li data-testid="message" data-state={message.state}>
      <span className="number">{formatMoment(message.createdAt, serverNow())}</span>
      <span>{message.text ?? t(`fleet.messageKinds.${kind}`)}</span>
      <span>
        <span aria-hidden="true">{signs[message.state]}</span> {t(`fleet.messageStates.${message.state}`)}{' '}
        <span className="number note-text">{message.doneAt ? formatMoment(message.doneAt, serverNow()) : ''}</span>
      </span>
    </li>
  );
}
