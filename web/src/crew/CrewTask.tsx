import { useTranslation } from 'react-i18next';
import type { IncidentDetail, Route } from '../api/contract';
import { formatDuration, formatMeters } from '../shell/formats';
import type { Standing } from './queue';

interface FactsProps {
  incident: IncidentDetail;
  standing: Standing;
  route: Route | null;
  airlineMeters: number | null;
  isDriving: boolean;
  /** No position is known: the way is counted from the station. */
  isFromStation: boolean;
}

/** The task itself comes first, in full: not a list in which a change goes unread. */
export function CrewTaskFacts({ incident, standing, route, airlineMeters, isDriving, isFromStation }: FactsProps) {
  const { t } = useTranslation();
  const { place, complaint, callerName } = incident;
  const isTransporting = standing.status === 'leftScene';
  return (
    <section className="crew-task" data-testid="crew-task" data-status={standing.status}>
      <p className="crew-complaint">{complaint}</p>
      <div className="crew-address" data-testid="crew-address">
        <span className="crew-street">{place.address}</span>
        <span className={place.readBack ? 'mark mark-good' : 'mark mark-warn'}>
          {t(place.readBack ? 'list.readBack' : 'list.notReadBack')}
        </span>
        {place.detail && <span className="crew-detail">{place.detail}</span>}
        {place.callerWords && <span className="crew-detail">{t('form.callerWords', { words: place.callerWords })}</span>}
      </div>
      {standing.destinationName && <p className="crew-hospital">{t('detail.to', { place: standing.destinationName })}</p>}
      <p className="crew-line">
        {isDriving && route && (
          <span>
            {t(isTransporting ? 'crew.toHospital' : 'crew.toScene')} <strong>{formatDuration(route.seconds)}</strong>{' '}
            <span className="number">{formatMeters(route.meters)}</span> <span className="note-text">{t('crew.byRoad')}</span>
          </span>
        )}
        {isDriving && !route && airlineMeters !== null && (
          <span>
            {t(isTransporting ? 'crew.toHospital' : 'crew.toScene')} <span className="number">{formatMeters(airlineMeters)}</span>{' '}
            <span className="mark mark-warn">{t('bar.airline')}</span>
          </span>
        )}
        {isDriving && isFromStation && <span className="mark mark-warn">{t('crew.fromStation')}</span>}
        {callerName && (
          <span>
            <span className="note-text">{t('detail.caller')}</span> {callerName}
          </span>
        )}
      </p>
    </section>
  );
}

export function QuickActs({
  callback,
  isNavigating,
  onNavigate,
}: {
  callback: string | null;
  isNavigating: boolean;
  onNavigate(): void;
}) {
  const { t } = useTranslation();
  return (
    <div className="crew-quick">
      <button type="button" className="crew-button" onClick={onNavigate} aria-pressed={isNavigating} data-testid="crew-navigate">
        {t(isNavigating ? 'crew.back' : 'crew.navigate')}
      </button>
      {callback ? (
        <a className="crew-button" href={`tel:${callback.replace(/[^\d+*]/g, '')}`} data-testid="crew-call">
          <span>{t('crew.call')}</span>
          <span className="number">{callback}</span>
        </a>
      ) : (
        <span className="crew-button crew-button-off">{t('crew.noNumber')}</span>
      )}
    </div>
  );
}
