import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, TextInput } from '../admin/parts';
import type { Priority } from '../api/contract';
import { useAction } from '../shell/actions';
import { Field } from '../shell/Field';
import { type Reference, setup, type TypeView } from './api';
import { newTypeDraft, type TypeDraft, typeDraftOf, typeWishOf } from './draft';
import { OpenBar } from './parts';
import { nameOf, useEdit, useSave } from './useSetup';

const fields = ['code', 'name', 'nameEn', 'lead', 'others', 'priority', 'words', 'ordinal', 'active'] as const;
const priorities: readonly Priority[] = [1, 2, 3, 4];

interface TypeFormProps {
  reference: Reference;
  /** Null: a new one. */
  type: TypeView | null;
  /** Reads the list again. */
  onRefresh(): Promise<unknown>;
  onSaid(text: string, code: string): void;
  onBack(): void;
}

/** A type of incident: written anew or changed, and taken out of use by its last line. */
export function TypeForm({ reference: { agencies, types }, type, onRefresh, onSaid, onBack }: TypeFormProps) {
  const { t } = useTranslation();
  const [blank] = useState(() => newTypeDraft(types, agencies[0]?.code ?? ''));
  const edit = useEdit<TypeDraft>(type ? typeDraftOf(type) : blank, type?.version ?? null);
  const { save, reload, isSending, faultOf, otherThan } = useSave('reference', onRefresh);
  const draft = edit.value;
  const change = (part: Partial<TypeDraft>) => edit.change({ ...draft, ...part });
  const submit = async () => {
    const saved = await save(() => setup.saveType(draft.code, typeWishOf(draft), edit.version));
    if (saved) {
      edit.reset();
      onSaid(t(saved.active ? 'setup.typeSaved' : 'setup.typeRetired', { name: nameOf(saved) }), saved.code);
    }
  };
  useAction('submit', isSending ? null : () => void submit());
  const text = (name: 'code' | 'name' | 'nameEn' | 'words' | 'ordinal', maxLength: number, placeholder?: string) => (
    <Field
      name={`type-${name}`}
      label={t(`setup.${name === 'name' ? 'nameZh' : name}`)}
      isRequired={name !== 'words'}
      fault={faultOf(name)}
    >
      <TextInput
        id={`type-${name}`}
        value={draft[name]}
        maxLength={maxLength}
        {...(placeholder ? { placeholder } : {})}
        isFaulty={faultOf(name) !== null}
        onText={(value) => change({ [name]: name === 'ordinal' ? value.replace(/\D/g, '') : value })}
      />
    </Field>
  );
  const known = agencies.map((agency) => ({ value: agency.code, label: nameOf(agency) }));
  return (
    <>
      <OpenBar title={type ? nameOf(type) : t('setup.newType')} note={type?.code} onBack={onBack} />
      <AddForm
        label={t(type ? 'setup.editType' : 'setup.newType')}
        submit={t('setup.save')}
        testId="type-form"
        isSending={isSending}
        problem={otherThan(fields)}
        onReload={() => {
          edit.reset();
          reload();
        }}
        onSubmit={() => void submit()}
      >
        {type === null && text('code', 32, t('setup.codeHint'))}
        {text('name', 40)}
        {text('nameEn', 60)}
        <Field name="type-lead" label={t('setup.lead')} isRequired fault={faultOf('lead')}>
          <Choice
            id="type-lead"
            value={draft.lead}
            options={known}
            isFaulty={faultOf('lead') !== null}
            onPick={(lead) => change({ lead })}
          />
        </Field>
        <Field name="type-others" label={t('setup.others')} fault={faultOf('others')}>
          <Checkbox.Group
            className="admin-scopes"
            value={draft.others}
            options={known.filter(({ value }) => value !== draft.lead)}
            onChange={(others) => change({ others })}
          />
        </Field>
        <Field name="type-priority" label={t('setup.priority')} isRequired fault={faultOf('priority')}>
          <Choice
            id="type-priority"
            value={String(draft.priority)}
            options={priorities.map((level) => ({ value: String(level), label: `P${level} ${t(`priority.p${level}`)}` }))}
            isFaulty={faultOf('priority') !== null}
            onPick={(level) => change({ priority: Number(level) as Priority })}
          />
        </Field>
        {text('words', 1100, t('setup.wordsHint'))}
        {text('ordinal', 5)}
        <Field name="type-active" label={t('setup.use')} fault={faultOf('active')}>
          <Checkbox
            id="field-type-active"
            data-testid="field-type-active"
            checked={draft.active}
            onChange={(event) => change({ active: event.target.checked })}
          >
            {t('setup.active')}
          </Checkbox>
        </Field>
      </AddForm>
    </>
  );
}
