import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentType } from '../api/contract';
import { server } from '../api/server';
import { Combobox } from '../shell/Combobox';
import { language } from '../shell/i18n';
import { typesFor } from './types';

const none: readonly IncidentType[] = [];

export const useTypes = (): readonly IncidentType[] =>
  useQuery({
    queryKey: ['reference'],
    queryFn: () => server.reference(),
    staleTime: 60_000,
    select: ({ types }) => types,
  }).data ?? none;

const nameOf = (type: IncidentType): string => (language() === 'en' ? type.nameEn : type.name);

interface TypeFieldProps {
  /** Code of the type. */
  value: string;
  /** What the caller said: the types that he may mean stand first. */
  complaint: string;
  onPick(type: IncidentType): void;
}

/** What it is: by name, by the initials of its pinyin, or by what callers say. It is always something; typing looks for another. */
export function TypeField({ value, complaint, onPick }: TypeFieldProps) {
  const { t } = useTranslation();
  const types = useTypes();
  const [text, setText] = useState<string | null>(null);
  const current = types.find(({ code }) => code === value);
  const choices = useMemo(
    () =>
      typesFor(types, text ?? '', complaint).map((type) => ({
        id: type.code,
        content: (
          <span className="type-choice">
            <strong>{nameOf(type)}</strong>{' '}
            <span className="note-text">
              {t(`agencies.${type.lead}`)} · {type.words.slice(0, 4).join(' ')}
            </span>
          </span>
        ),
      })),
    [types, text, complaint, t],
  );
  return (
    <Combobox
      id="field-type"
      label={t('calls.type')}
      value={text ?? (current ? nameOf(current) : value)}
      placeholder={t('calls.typeHint')}
      choices={choices}
      note={text ? t('calls.noType') : null}
      testId="field-type"
      choiceTestId="type-option"
      maxLength={40}
      onText={setText}
      onFocusChange={(hasFocus) => {
        // Left without a choice it says again what it is.
        if (!hasFocus) {
          setText(null);
        }
      }}
      onPick={(code) => {
        const type = types.find((one) => one.code === code);
        setText(null);
        if (type) {
          onPick(type);
        }
      }}
    />
  );
}
