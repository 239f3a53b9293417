import { useTranslation } from 'react-i18next';
import type { FoundPlace } from '../api/contract';
import { bilingual } from '../api/request';
import { formatMeters } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { pieces } from './pieces';

/** A place in a list of choices: its kind, its name with what was typed, where it is, why it was found and how sure it is. */
export function PlaceChoice({ place }: { place: FoundPlace }) {
  const { t } = useTranslation();
  const layer = place.kind === 'layer' ? inLanguage(bilingual(place.detail)) : '';
  const where = [layer, place.district, place.meters === null ? '' : formatMeters(place.meters)].filter(Boolean);
  return (
    <span className="place-choice place-row">
      <span className="mark place-kind">{t(`form.kinds.${place.kind}`)}</span>
      <strong className="place-name">
        {pieces(place.name, place.highlights).map(({ text, isMeant, at }) =>
          isMeant ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
        )}
      </strong>
      {place.why && <span className="place-why">{inLanguage(place.why)}</span>}
      {place.note && <span className="mark mark-warn">{inLanguage(place.note)}</span>}
      <span className="place-where">{where.join(' · ')}</span>
    </span>
  );
}
