import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgencyStatus, AgencyView, IncidentDetail } from '../api/contract';
import { useAction } from '../shell/actions';
import { keyLabel } from '../shell/keys';
import { Since } from '../shell/Signs';
import { agencyName, nextOfAgency } from './agencies';
import { Section } from './Section';

interface AgenciesProps {
  incident: IncidentDetail;
  isSending: boolean;
  onAdd(): void;
  onSays(agency: string, status: AgencyStatus): void;
  /** Any other status, or with words. */
  onOther(agency: string): void;
}

/** What the other agencies do, as their own desks tell it. */
export function Agencies({ incident, isSending, onAdd, onSays, onOther }: AgenciesProps) {
  const { t } = useTranslation();
  const isOpen = incident.status !== 'closed';
  const { agencies } = incident;
  useAction('addAgency', isOpen ? onAdd : null);
  // The key is for the first one that has a step before it; the panel that it opens has the others, too.
  const first = (agencies.find(({ status }) => nextOfAgency(status) !== null) ?? agencies[0])?.agency;
  useAction('agency', isOpen && first && !isSending ? () => onOther(first) : null);
  const there = agencies.filter(({ status }) => status === 'onScene' || status === 'done').length;
  return (
    <Section
      name="agencies"
      title={t('parts.agencies')}
      count={agencies.length > 0 && t('parts.agenciesThere', { there, all: agencies.length })}
      {...(isOpen && { add: { text: t('parts.addAgency'), action: 'addAgency', testId: 'add-agency', onAdd } })}
    >
      {agencies.length === 0 && <p className="empty">{t('parts.noAgency')}</p>}
      <ul>
        {agencies.map((agency) => (
          <Agency
            key={agency.agency}
            agency={agency}
            isOpen={isOpen}
            isFirst={agency.agency === first}
            isSending={isSending}
            onSays={(status) => onSays(agency.agency, status)}
            onOther={() => onOther(agency.agency)}
          />
        ))}
      </ul>
    </Section>
  );
}

interface AgencyProps {
  agency: AgencyView;
  isOpen: boolean;
  isFirst: boolean;
  isSending: boolean;
  onSays(status: AgencyStatus): void;
  onOther(): void;
}

function Agency({ agency: { agency, status, words, since }, isOpen, isFirst, isSending, onSays, onOther }: AgencyProps) {
  const { t } = useTranslation();
  const next = nextOfAgency(status);
  return (
    <li className="part-row" data-testid="agency-row" data-agency={agency} data-status={status}>
      <strong>{agencyName(agency, t)}</strong>
      <span className={status === 'refused' ? 'mark mark-warn' : 'mark'}>{t(`agencyStatuses.${status}`)}</span>
      <Since time={since} />
      {words && <span className="part-words">{words}</span>}
      {isOpen && (
        <span className="part-acts">
          {next && (
            <Button disabled={isSending} data-testid="agency-next" onClick={() => onSays(next)}>
              {t(`agencyStatuses.${next}`)}
            </Button>
          )}
          <Button disabled={isSending} data-testid="agency-other" onClick={onOther}>
            {t('parts.otherStatus')} {isFirst && <kbd>{keyLabel('agency')}</kbd>}
          </Button>
        </span>
      )}
    </li>
  );
}
