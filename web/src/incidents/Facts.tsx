import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { formatTime } from '../shell/formats';
import { formatPoint } from '../shell/geo';
import { language } from '../shell/i18n';
import { Diamond } from '../shell/Signs';
import { NeedsLine } from './Needs';
import { useReference } from './useParts';

/** What stays in sight while the rest scrolls: what and where it is, what is missing, what waits for a decision. */
export function DetailTop({ incident, children }: { incident: IncidentDetail; children: ReactNode }) {
  const { t } = useTranslation();
  const { place } = incident;
  return (
    <div className="detail-top">
      <div className="detail-head">
        <Diamond priority={incident.priority} isClosed={incident.status === 'closed'} />
        <strong className="detail-number">{incident.number}</strong>
        <span className="detail-complaint">
          <span className="number">P{incident.priority}</span> {t(`priority.p${incident.priority}`)} · {incident.complaint}
        </span>
      </div>
      <div className="detail-address">
        <span>{place.address}</span>
        {place.detail && <span>{place.detail}</span>}
        {place.callerWords && <span data-testid="caller-words">{t('form.callerWords', { words: place.callerWords })}</span>}
        <span className={place.readBack ? 'mark mark-good' : 'mark'}>
          {t(place.readBack ? 'list.readBack' : 'list.notReadBack')}
        </span>
      </div>
      {incident.status !== 'closed' && <NeedsLine incidentId={incident.id} testId="needs" />}
      {children}
    </div>
  );
}

/** What was said when it was opened. */
export function Facts({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation();
  const { place } = incident;
  const type = useReference().data?.types.find(({ code }) => code === incident.type);
  return (
    <dl className="facts">
      <Fact name={t('parts.type')} value={type ? (language() === 'zh' ? type.name : type.nameEn) : incident.type} />
      <Fact name={t('detail.callback')} value={incident.callbackNumber} />
      <Fact name={t('detail.caller')} value={incident.callerName} />
      <Fact name={t('detail.openedBy')} value={`${incident.openedBy} ${formatTime(incident.openedAt)}`} />
      {place.foundBy && <Fact name={t('detail.foundBy')} value={t(`detail.ways.${place.foundBy}`)} />}
      <Fact name={t('detail.point')} value={formatPoint([place.lon, place.lat])} />
      {incident.disposition && <Fact name={t('detail.disposition')} value={t(`dispositions.${incident.disposition}`)} />}
    </dl>
  );
}

const Fact = ({ name, value }: { name: string; value: string | null }) =>
  value ? (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  ) : null;
