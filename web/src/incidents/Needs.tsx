import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { inLanguage, language } from '../shell/i18n';
import type { Needs } from './api';
import { useNeeds } from './useParts';

/** What is still to be sent, in one line that is there as long as a run card or the triage wants something. */
export function NeedsLine({ incidentId, testId }: { incidentId: string; testId: string }) {
  const { t } = useTranslation();
  const needs = useNeeds(incidentId).data;
  if (!needs || (needs.card === null && needs.needs.length === 0)) {
    return null;
  }
  return (
    <p className={needs.missing ? 'needs is-missing' : 'needs'} data-testid={testId} title={needs.card?.name}>
      <strong>{needs.missing ? inLanguage(needs.missing) : t('parts.needsFilled')}</strong>
      <span className="note-text number cut">{filledText(needs, language(), t)}</span>
    </p>
  );
}

/** Who fills what, and where it is not the run card that wants it, by which triage: `高级生命支持 A01 · 巡逻 0/1`. */
export const filledText = ({ needs }: Needs, inLanguage: 'zh' | 'en', t: TFunction): string =>
  needs
    .map(({ name, nameEn, source, filledBy, wanted, missing }) => {
      const called = `${inLanguage === 'zh' ? name : nameEn}${source === null ? '' : t('parts.bySource', { source })}`;
      const who = filledBy.map(({ callSign }) => callSign).join(' ');
      return missing === 0 ? `${called} ${who}` : `${called} ${filledBy.length}/${wanted}${who && ` ${who}`}`;
    })
    .join(' · ');
