import { useTranslation } from 'react-i18next';
import { inLanguage, language } from '../shell/i18n';
import type { Needs } from './api';
import { useNeeds } from './useParts';

/** What is still to be sent, in one line that is there as long as the incident has a run card. */
export function NeedsLine({ incidentId, testId }: { incidentId: string; testId: string }) {
  const { t } = useTranslation();
  const needs = useNeeds(incidentId).data;
  if (!needs?.card) {
    return null;
  }
  return (
    <p className={needs.missing ? 'needs is-missing' : 'needs'} data-testid={testId} title={needs.card.name}>
      <strong>{needs.missing ? inLanguage(needs.missing) : t('parts.needsFilled')}</strong>
      <span className="note-text number cut">{filledText(needs, language())}</span>
    </p>
  );
}

/** Who fills what: `高级生命支持 A01 · 巡逻 0/1`. */
export const filledText = ({ needs }: Needs, inLanguage: 'zh' | 'en'): string =>
  needs
    .map(({ name, nameEn, filledBy, wanted, missing }) => {
      const called = inLanguage === 'zh' ? name : nameEn;
      const who = filledBy.map(({ callSign }) => callSign).join(' ');
      return missing === 0 ? `${called} ${who}` : `${called} ${filledBy.length}/${wanted}${who && ` ${who}`}`;
    })
    .join(' · ');
