import { useTranslation } from 'react-i18next';
import type { IncidentDetail } from '../api/contract';
import { useHealth } from '../feed/health';
import { fixAgeSeconds, positions } from '../feed/positions';
import { useClock, useNowSeconds } from '../shell/clock';
import { formatAge } from '../shell/formats';
import { Diamond, Since, StateChip } from '../shell/Signs';
import { ageClass } from '../units/age';
import type { UnitView } from '../units/api';
import { unitPlace } from '../units/order';
import { stateOf } from '../units/states';
import { useGps } from './gps';
import { useOutbox } from './outbox';
import { countWaiting, type Standing } from './queue';

interface CrewHeaderProps {
  callSign: string;
  incident: IncidentDetail | null;
  standing: Standing | null;
  unit: UnitView | null;
}

/** Who, which task, and below it what of this screen works. */
export function CrewHeader({ callSign, incident, standing, unit }: CrewHeaderProps) {
  const { t } = useTranslation();
  const { exercise, speed } = useClock((state) => state.clock);
  return (
    <header className="crew-head">
      <div className="crew-title">
        <strong className="crew-sign">{callSign}</strong>
        {incident && standing ? (
          <>
            <Diamond priority={incident.priority} />
            <strong className="crew-incident" data-testid="crew-number">
              {incident.number} <span className="number">P{incident.priority}</span> {t(`priority.p${incident.priority}`)}
            </strong>
            <StateChip state={standing.status} withName />
            <Since time={standing.since} />
          </>
        ) : (
          unit && <StateChip state={stateOf(unit)} withName />
        )}
      </div>
      <div className="crew-links">
        <Signal />
        <GpsState unit={unit} />
        {exercise && (
          <strong className="exercise">
            {t('exercise')} <span className="number">{t('speed', { speed })}</span>
          </strong>
        )}
        <Waiting />
      </div>
    </header>
  );
}

function Signal() {
  const { t } = useTranslation();
  const { network, incidents } = useHealth();
  const word = network === 'down' ? 'offline' : incidents === 'up' ? 'online' : 'polling';
  const sign = { online: '●', polling: '○', offline: '✕' }[word];
  return (
    <span className={word === 'offline' ? 'crew-lost' : ''} data-testid="crew-signal" data-signal={word}>
      {t('crew.signal')} <span aria-hidden="true">{sign}</span> {word !== 'online' && t(`crew.${word}`)}
    </span>
  );
}

function GpsState({ unit }: { unit: UnitView | null }) {
  const { t } = useTranslation();
  const { measuring, sending, fix } = useGps();
  const { speed } = useClock((state) => state.clock);
  useNowSeconds();
  if (!unit) {
    return null;
  }
  const place = unitPlace(unit, positions.find(unit.vehicleId));
  const time = fix?.time ?? place.time;
  const age = fixAgeSeconds(time);
  const lifeAge = age === null ? null : age / Math.max(1, speed);
  const why = measuring === 'on' ? null : measuring === 'asking' ? null : t(`crew.gps.${measuring}`);
  return (
    <span
      className={ageClass(lifeAge) === 'fresh' ? '' : 'crew-aged'}
      data-testid="crew-gps"
      data-measuring={measuring}
      data-sending={sending}
    >
      <span className="number">
        GPS {lifeAge === null ? t('crew.gps.none') : formatAge(lifeAge)}
        {fix?.accuracyMeters != null && ` ±${Math.round(fix.accuracyMeters)} m`}
      </span>{' '}
      {!fix && time !== null && t('crew.gps.terminal')} {why}
      {sending === 'refused' && t('crew.gps.refused')}
      {sending === 'taken' && t('crew.gps.taken')}
    </span>
  );
}

/** How many milestones still wait for the network; they keep the times at which they were pressed. */
function Waiting() {
  const { t } = useTranslation();
  const queue = useOutbox((state) => state.queue);
  const isOffline = useHealth((health) => health.network === 'down');
  useNowSeconds();
  const count = countWaiting(queue, Date.now());
  return (
    <strong className="crew-queue" data-testid="crew-queue" data-count={count} role="status">
      {count > 0 && <span className="crew-waiting">{t(isOffline ? 'crew.offlineQueue' : 'crew.queue', { count })}</span>}
      {count === 0 && isOffline && <span className="crew-waiting">{t('crew.offline')}</span>}
    </strong>
  );
}
