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

interface AgencyActProps extends Sending {
  /** The one that is asked about first. */
  first: AgencyView;
  agencies: readonly AgencyView[];
  onSays(agency: string, status: AgencyStatus, words: string | null): void;
}

/** What an agency's desk says that it does, and in what words: its next step, unless another is chosen. */
export function AgencyAct({ isSending, first, agencies, onSays }: AgencyActProps) {
  const { t } = useTranslation();
  const next = (of: AgencyView) => nextOfAgency(of.status) ?? of.status;
  const [code, setCode] = useState(first.agency);
  const [status, setStatus] = useState<AgencyStatus>(next(first));
  const [words, setWords] = useState('');
  const agency = agencies.find((known) => known.agency === code) ?? first;
  const label = t('parts.agencySays', { agency: agencyName(agency.agency, t) });
  return (
    <Act
      label={label}
      confirm={t('detail.saveNote')}
      confirmTestId="confirm-agency-status"
      isSending={isSending}
      // Who does not come says why.
      isReady={status !== 'refused' || words.trim() !== ''}
      onConfirm={() => onSays(agency.agency, status, words.trim() || null)}
    >
      {agencies.length > 1 && (
        <ChoiceButtons
          label={t('parts.agencies')}
          value={code}
          choices={agencies.map((known) => ({ value: known.agency, text: agencyName(known.agency, t) }))}
          testId="agency-of"
          onChoose={(chosen) => {
            setCode(chosen);
            setStatus(next(agencies.find((known) => known.agency === chosen) ?? first));
          }}
        />
      )}
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
