import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, ConfirmButton, TextInput } from '../admin/parts';
import { useAction } from '../shell/actions';
import { Field } from '../shell/Field';
import { AreaField } from './AreaField';
import { type CardView, type Reference, setup } from './api';
import { type CardDraft, cardDraftOf, cardWishOf, newCardDraft } from './draft';
import { GapLine, NeedRows } from './NeedRows';
import { OpenBar } from './parts';
import { nameOf, useEdit, useSave } from './useSetup';

interface CardFormProps {
  reference: Reference;
  /** Null: a new one. */
  card: CardView | null;
  /** Reads the list again. */
  onRefresh(): Promise<unknown>;
  /** Without an id where it is gone. */
  onSaid(text: string, id: string | null): void;
  onBack(): void;
}

/** A run card: for which incidents it counts, and so many units of each capability. What the city lacks of them is said while it is written. */
export function CardForm({ reference, card, onRefresh, onSaid, onBack }: CardFormProps) {
  const { t } = useTranslation();
  const active = reference.types.filter(({ code, active: isActive }) => isActive || code === card?.type);
  const [blank] = useState(() => newCardDraft(active[0]?.code ?? ''));
  const kept = useMemo(() => card && cardDraftOf(card), [card]);
  const edit = useEdit<CardDraft>(kept ?? blank, card?.version ?? null);
  const { save, reload, isSending, faultOf, otherThan } = useSave('setup', onRefresh);
  const draft = edit.value;
  const change = (part: Partial<CardDraft>) => edit.change({ ...draft, ...part });
  const fields = [
    'name',
    'type',
    'priority',
    'area',
    'needs',
    ...draft.needs.flatMap((_, at) => [`needs[${at}].capability`, `needs[${at}].count`]),
  ];
  const submit = async () => {
    const saved = await save(() => setup.saveCard(draft.id, cardWishOf(draft), edit.version));
    if (saved) {
      edit.reset();
      onSaid(t('setup.cardSaved', { name: saved.name }), saved.id);
    }
  };
  const remove = async () => {
    const isGone =
      card &&
      (await save(async () => {
        await setup.deleteCard(card.id, edit.version ?? card.version);
        return true;
      }));
    if (isGone) {
      onSaid(t('setup.cardDeleted', { name: card.name }), null);
    }
  };
  useAction('submit', isSending ? null : () => void submit());
  return (
    <>
      <OpenBar title={card?.name ?? t('setup.newCard')} onBack={onBack} />
      <GapLine needs={draft.needs} />
      <AddForm
        label={t(card ? 'setup.editCard' : 'setup.newCard')}
        submit={t('setup.save')}
        testId="card-form"
        isSending={isSending}
        problem={otherThan(fields)}
        onReload={() => {
          edit.reset();
          reload();
        }}
        acts={
          card && (
            <ConfirmButton
              text={t('setup.delete')}
              confirm={t('setup.confirmDelete')}
              testId="delete-card"
              isDisabled={isSending}
              onConfirm={() => void remove()}
            />
          )
        }
        onSubmit={() => void submit()}
      >
        <Field name="card-name" label={t('setup.name')} isRequired fault={faultOf('name')}>
          <TextInput
            id="card-name"
            value={draft.name}
            maxLength={60}
            isFaulty={faultOf('name') !== null}
            onText={(name) => change({ name })}
          />
        </Field>
        <Field name="card-type" label={t('setup.type')} isRequired fault={faultOf('type')}>
          <Choice
            id="card-type"
            value={draft.type}
            options={active.map((type) => ({ value: type.code, label: nameOf(type) }))}
            isFaulty={faultOf('type') !== null}
            onPick={(type) => change({ type })}
          />
        </Field>
        <Field name="card-priority" label={t('setup.priority')} fault={faultOf('priority')}>
          <Choice
            id="card-priority"
            value={draft.priority}
            options={[
              { value: '', label: t('setup.all') },
              ...([1, 2, 3, 4] as const).map((level) => ({
                value: String(level),
                label: `P${level} ${t(`priority.p${level}`)}`,
              })),
            ]}
            isFaulty={faultOf('priority') !== null}
            onPick={(priority) => change({ priority })}
          />
        </Field>
        <AreaField area={draft.area} fault={faultOf('area')} onArea={(area) => change({ area })} />
        <NeedRows needs={draft.needs} reference={reference} faultOf={faultOf} onNeeds={(needs) => change({ needs })} />
      </AddForm>
    </>
  );
}
