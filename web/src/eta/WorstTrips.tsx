import { useTranslation } from 'react-i18next';
import { formatDate, formatDuration, formatMeters, formatTime } from '../shell/formats';
import type { WorstTrip } from './api';
import { formatBias, tripPath } from './figures';

/** The trips whose times were farthest from what was told, and where each is seen on the map. */
export function WorstTrips({ trips }: { trips: readonly WorstTrip[] }) {
  const { t } = useTranslation();
  return (
    <table className="eta-table eta-worst" data-testid="eta-worst">
      <caption>{t('eta.worstCaption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('eta.vehicle')}</th>
          <th scope="col">{t('eta.start')}</th>
          <th scope="col">{t('eta.length')}</th>
          <th scope="col">{t('eta.run')}</th>
          <th scope="col">{t('eta.told')}</th>
          <th scope="col">{t('eta.band')}</th>
          <th scope="col">{t('eta.taken')}</th>
          <th scope="col">{t('eta.error')}</th>
          <th scope="col">{t('eta.onMap')}</th>
        </tr>
      </thead>
      <tbody>
        {trips.map((trip) => (
          <tr key={`${trip.vehicleId} ${trip.start}`} data-testid="eta-trip">
            <th scope="row">
              <span className="plate">{trip.plate}</span> {trip.name}
            </th>
            <td className="number">
              {formatDate(Date.parse(trip.start))} {formatTime(trip.start)}
            </td>
            <td className="number">{formatMeters(trip.meters)}</td>
            <td>{t(trip.emergency ? 'eta.runs.emergency' : 'eta.runs.normal')}</td>
            <td className="number">{formatDuration(trip.predictedSeconds)}</td>
            <td className="number">
              {trip.lowSeconds === null || trip.highSeconds === null
                ? t('eta.notLearned')
                : `${formatDuration(trip.lowSeconds)}–${formatDuration(trip.highSeconds)}`}
            </td>
            <td className="number">{formatDuration(trip.actualSeconds)}</td>
            <td className="number">{formatBias(trip.predictedSeconds / trip.actualSeconds - 1)}</td>
            <td>
              <a className="link eta-show" href={tripPath(trip)} data-testid="show-trip">
                {t('eta.show')}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
