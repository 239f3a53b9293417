import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat } from '../api/contract';
import { askedTrip } from '../eta/figures';
import { locateOnMap, useMapState } from '../map/control';
import { serverNow } from '../shell/clock';
import { formatDate, formatDuration, formatMeters, formatTime } from '../shell/formats';
import { Failure, Skeleton } from '../shell/Pane';
import type { TrailView, VehicleDay } from './api';
import { type DayPart, drawingOf, partsOf, stepDay } from './day';
import { useDay, useTrail } from './useFleet';

/** What a vehicle did in a day, and its trail on the map while this is shown. */
export function DayReport({ vehicleId }: { vehicleId: string }) {
  const { t } = useTranslation();
  const today = formatDate(serverNow());
  const [date, setDate] = useState(() => {
    const asked = askedTrip(location.search);
    return asked?.vehicleId === vehicleId ? asked.day : today;
  });
  const [isDrawn, setDrawn] = useState(true);
  const day = useDay(vehicleId, date, date === today);
  const trail = useTrail(vehicleId, date, date === today, isDrawn);
  const control = useMapState((state) => state.control);
  const drawing = useMemo(
    () => (isDrawn && trail.data ? drawingOf(trail.data, day.data) : null),
    [isDrawn, trail.data, day.data],
  );
  useEffect(() => {
    control?.showTrail(drawing);
    return () => control?.showTrail(null);
  }, [control, drawing]);

  return (
    <section className="day" data-testid="day-report" data-date={date}>
      <header className="day-head">
        <h3>{t('fleet.day')}</h3>
        <Button aria-label={t('fleet.previousDay')} onClick={() => setDate(stepDay(date, -1))} data-testid="day-before">
          ‹
        </Button>
        <input
          type="date"
          className="native number"
          aria-label={t('fleet.date')}
          value={date}
          max={today}
          onChange={(event) => event.target.value && setDate(event.target.value)}
          data-testid="day-date"
        />
        <Button aria-label={t('fleet.nextDay')} disabled={date >= today} onClick={() => setDate(stepDay(date, 1))}>
          ›
        </Button>
        <Button onClick={() => setDrawn(!isDrawn)} data-testid="toggle-trail">
          {t(isDrawn ? 'fleet.hideTrail' : 'fleet.showTrail')}
        </Button>
        {drawing && drawing.lines.length > 0 && (
          <Button onClick={() => control?.fit(drawing.lines.flat())} data-testid="fit-trail">
            {t('fleet.fitTrail')}
          </Button>
        )}
      </header>
      {day.isError && <Failure failure={day.error} onRetry={() => void day.refetch()} />}
      {trail.isError && <Failure failure={trail.error} onRetry={() => void trail.refetch()} />}
      {day.isPending && <Skeleton rows={3} />}
      {day.data && (day.data.fixes === 0 ? <p className="empty">{t('fleet.noDay')}</p> : <Summary day={day.data} />)}
      {isDrawn && trail.data && <TrailNotes view={trail.data} />}
      {day.data && <Parts day={day.data} />}
    </section>
  );
}

function Summary({ day }: { day: VehicleDay }) {
  const { t } = useTranslation();
  const figures: [string, string][] = [
    [t('fleet.distance'), formatMeters(day.distanceMeters)],
    [t('fleet.moving'), formatDuration(day.movingSeconds)],
    [t('fleet.idle'), formatDuration(day.idleSeconds)],
    [t('fleet.stopped'), formatDuration(day.stoppedSeconds)],
    [t('fleet.fastest'), `${Math.round(day.maxSpeedKmh)} km/h`],
    [t('fleet.fixes'), String(day.fixes)],
  ];
  return (
    <dl className="figures" data-testid="day-summary">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
      {day.overspeeds > 0 && (
        <div>
          <dt>{t('fleet.overspeed', { limit: day.speedLimitKmh })}</dt>
          <dd className="number">
            {t('fleet.times', { count: day.overspeeds })} · {formatDuration(day.overspeedSeconds)}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What the line on the map is not. */
function TrailNotes({ view: { trail } }: { view: TrailView }) {
  const { t } = useTranslation();
  const notes = [
    ...(trail.gaps.length > 0 ? [t('fleet.gaps', { count: trail.gaps.length })] : []),
    ...(trail.leftOut > 0 ? [t('fleet.leftOut', { count: trail.leftOut })] : []),
    ...(trail.withinMeters > 0 ? [t('fleet.within', { meters: Math.ceil(trail.withinMeters) })] : []),
  ];
  return (
    <p className="note-text number" data-testid="trail-notes" data-lines={trail.segments.length}>
      {notes.join(' · ')}
    </p>
  );
}

function Parts({ day }: { day: VehicleDay }) {
  const { t } = useTranslation();
  const parts = partsOf(day);
  const seconds = ({ start, end }: DayPart) => (Date.parse(end) - Date.parse(start)) / 1000;
  const locate = (at: LonLat) => locateOnMap(at);
  return (
    <ol className="day-parts" data-testid="day-parts">
      {parts.map((part) => (
        <li key={`${part.kind} ${part.start}`} data-testid={`day-${part.kind}`}>
          <span className="number">
            {formatTime(part.start)}–{formatTime(part.end)}
          </span>
          {part.kind === 'trip' ? (
            <>
              <span>{t('fleet.trips')}</span>
              <span className="number">
                {formatMeters(part.meters)} · {t('fleet.most', { speed: Math.round(part.mostKmh) })}
              </span>
            </>
          ) : (
            <>
              <span>
                {t('fleet.stops')} <span className="stop-number number">{part.number}</span>
              </span>
              <span className="number">
                {formatDuration(seconds(part))}{' '}
                <Button onClick={() => locate(part.at)} data-testid="locate-stop">
                  {t('fleet.locate')}
                </Button>
              </span>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
