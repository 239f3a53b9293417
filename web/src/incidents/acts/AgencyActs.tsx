import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgencyStatus, AgencyView } from '../../api/contract';
import { ChoiceButtons } from '../../shell/ChoiceButtons';
import { language } from '../../shell/i18n';
import { agencyName, agencyStatuses, nextOfAgency } from '../agencies';
import { useReference } from '../useParts';
import { Act, type Sending, TextField } from './Act';

/** Which other agency is told. */
export function AddAgencyAct({
  isSending,
  involved,
  onAgency,
}: Sending & { involved: readonly AgencyView[]; onAgency(code: string): void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState<string | null>(null);
  const agencies = useReference().data?.agencies ?? [];
  const choices = agencies
    .filter((agency) => involved.every((known) => known.agency !== agency.code))
    .map((agency) => ({
      value: agency.code,
      text: `${language() === 'zh' ? agency.name : agency.nameEn}${agency.phone ? ` ${agency.phone}` : ''}`,
    }));
  return (
    <Act
      label={t('parts.addAgency')}
      confirm={t('parts.confirmAgency')}
      confirmTestId="confirm-agency"
      isSending={isSending}
      isReady={code !== null}
      onConfirm={() => code && onAgency(code)}
    >
      <ChoiceButtons
        isFirst
        // The choices come a moment later: the first of them then has the focus.
        key={choices.length}
        label={t('parts.addAgency')}
        value={code}
        choices={choices}
        testId="add-agency"
        onChoose={setCode}
      />
    </Act>
  );
}

/** What an agency's desk says that it does, and in what words. */
export function AgencyAct({
  isSending,
  agency,
  onSays,
}: Sending & { agency: AgencyView; onSays(status: AgencyStatus, words: string | null): void }) {
  const { t } = useTranslation();
  const [status, setStatus] = useState<AgencyStatus>(nextOfAgency(agency.status) ?? agency.status);
  const [words, setWords] = useState('');
  const label = t('parts.agencySays', { agency: agencyName(agency.agency, t) });
  return (
    <Act
      label={label}
      confirm={t('detail.saveNote')}
      confirmTestId="confirm-agency-status"
      isSending={isSending}
      // Who does not come says why.
      isReady={status !== 'refused' || words.trim() !== ''}
      onConfirm={() => onSays(status, words.trim() || null)}
    >
      <ChoiceButtons
        isFirst
        label={label}
        value={status}
        choices={agencyStatuses.map((value) => ({ value, text: t(`agencyStatuses.${value}`) }))}
        testId="agency-status"
        onChoose={setStatus}
      />
      <TextField
        value={words}
        placeholder={t(status === 'refused' ? 'parts.refusedWhy' : 'parts.agencyWords')}
        testId="field-agency-words"
        onText={setWords}
      />
    </Act>
  );
}
