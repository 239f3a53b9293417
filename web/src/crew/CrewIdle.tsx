import { useTranslation } from 'react-i18next';
import { positions } from '../feed/positions';
import { formatTime } from '../shell/formats';
import { formatPoint } from '../shell/geo';
import type { UnitView } from '../units/api';
import { unitPlace } from '../units/order';

const knownRoles = ['doctor', 'nurse', 'driver'] as const;
type KnownRole = (typeof knownRoles)[number];

/** Nothing to do: who waits where, and what happens next. */
export function CrewIdle({ unit }: { unit: UnitView }) {
  const { t } = useTranslation();
  const { lon, lat, time } = unitPlace(unit, positions.find(unit.vehicleId));
  return (
    <section className="crew-idle" data-testid="crew-idle">
      <h2>{t('crew.idle')}</h2>
      <p className="note-text">{t('crew.idleNext')}</p>
      <dl>
        <div>
          <dt>{t('crew.station')}</dt>
          <dd>{unit.stationName}</dd>
        </div>
        <div>
          <dt>{t('crew.members')}</dt>
          <dd>
            {unit.crew.map(({ role, name }) => (
              <span key={role + name}>
                {knownRoles.includes(role as KnownRole) ? t(`crew.roles.${role as KnownRole}`) : role} {name}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t('crew.plate')}</dt>
          <dd className="number">{unit.plate}</dd>
        </div>
        <div>
          <dt>{t('crew.lastFix')}</dt>
          <dd className="number">{time === null ? t('crew.gps.none') : `${formatTime(time)}  ${formatPoint([lon, lat])}`}</dd>
        </div>
      </dl>
    </section>
  );
}
