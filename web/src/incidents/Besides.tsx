import { Button, Checkbox } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { useAction } from '../shell/actions';
import { desk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { attachmentTypes, incidentApi, mostAttachmentBytes } from './api';
import { Section } from './Section';

// What belongs to an incident besides units and agencies: things to do, other incidents, files.

interface PartProps {
  incident: IncidentDetail;
  isSending: boolean;
}

export function Todos({ incident, isSending, onAdd, onDone }: PartProps & { onAdd(): void; onDone(todoId: string): void }) {
  const { t } = useTranslation();
  const isOpen = incident.status !== 'closed';
  const { todos } = incident;
  useAction('addTodo', isOpen ? onAdd : null);
  return (
    <Section
      name="todos"
      title={t('parts.todos')}
      count={todos.length > 0 && `${todos.filter(({ done }) => done).length}/${todos.length}`}
      {...(isOpen && { add: { text: t('parts.addTodo'), action: 'addTodo', testId: 'add-todo', onAdd } })}
    >
      <ul>
        {todos.map(({ id, text, for: forWhom, done }) => (
          <li key={id} className="part-row" data-testid="todo-row" data-done={done || undefined}>
            <Checkbox checked={done} disabled={done || !isOpen || isSending} onChange={() => onDone(id)}>
              {text}
              {forWhom && <span className="note-text"> · {forWhom}</span>}
            </Checkbox>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Links({ incident, isSending, onAdd, onRemove }: PartProps & { onAdd(): void; onRemove(otherId: string): void }) {
  const { t } = useTranslation();
  const { links } = incident;
  useAction('link', onAdd);
  return (
    <Section
      name="links"
      title={t('parts.links')}
      count={links.length > 0 && links.length}
      add={{ text: t('parts.link'), action: 'link', testId: 'add-link', onAdd }}
    >
      <ul>
        {links.map(({ id, number }, index) => (
          <li key={id} className="part-row" data-testid="link-row">
            <button type="button" className="link number" onClick={() => desk.selectIncident(id)} data-testid="open-link">
              {number}
            </button>
            <span className="part-acts">
              <Button disabled={isSending} onClick={() => onRemove(id)} data-testid="remove-link">
                {t('parts.unlink')} {index === 0 && <kbd>{keyLabel('unlink')}</kbd>}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Attachments({ incident, isSending, onFile }: PartProps & { onFile(file: File): void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const choose = () => field.current?.click();
  useAction('attach', isSending ? null : choose);
  const take = (file: File | undefined) => {
    if (!file) {
      return;
    }
    // Said before ten megabytes have gone over the line; the server looks at the content again.
    const isKept = attachmentTypes.some((type) => type === file.type);
    const fault = !isKept ? t('parts.attachType') : file.size > mostAttachmentBytes ? t('parts.attachSize') : null;
    setRefused(fault && t('parts.attachRefused', { name: file.name, why: fault }));
    if (fault === null) {
      onFile(file);
    }
  };
  return (
    <Section
      name="attachments"
      title={t('parts.attachments')}
      count={incident.attachments.length > 0 && incident.attachments.length}
      add={{ text: t('parts.attach'), action: 'attach', testId: 'add-attachment', onAdd: choose }}
    >
      <input
        ref={field}
        type="file"
        hidden
        accept={attachmentTypes.join()}
        aria-label={t('parts.attach')}
        data-testid="field-attachment"
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {refused && (
        <p className="failure" role="alert">
          {refused}
        </p>
      )}
      <ul>
        {incident.attachments.map(({ id, name, bytes }) => (
          <li key={id} className="part-row" data-testid="attachment-row">
            <a href={incidentApi.attachmentPath(incident.id, id)} target="_blank" rel="noopener">
              {name}
            </a>
            <span className="note-text number">{sizeText(bytes)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** `340 KB`, `2.1 MB` */
const sizeText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
