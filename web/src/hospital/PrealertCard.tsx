import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNowSeconds } from '../shell/clock';
import { formatAge, formatDuration, formatTime } from '../shell/formats';
import { Diamond } from '../shell/Signs';
import type { Prealert } from './api';
import { arrivalOf, isAwaited, isOff, vitalsOf } from './prealerts';

interface PrealertCardProps {
  prealert: Prealert;
  /** When it was read, by the server's clock: its time counts from then. */
  readAt: string;
  /** One key receives this one. */
  isFirst: boolean;
  onReceive(): void;
}

/** Who comes, in how long, how he is: read from across the room. Where nobody comes any more it says that, and no patient. */
export function PrealertCard({ prealert, readAt, isFirst, onReceive }: PrealertCardProps) {
  const { t } = useTranslation();
  const { callSign, priority, state, patient, at, by, versions, receivedAt, receivedBy } = prealert;
  return (
    <article
      className="prealert"
      data-testid="prealert"
      data-call-sign={callSign}
      data-state={state}
      data-unread={isAwaited(prealert) && receivedAt === null}
    >
      <header>
        <Diamond priority={priority} />
        <strong className="prealert-sign">{callSign}</strong>
        <span className={isOff(state) ? 'mark mark-warn' : 'mark'}>{t(`hospital.states.${state}`)}</span>
        {state === 'coming' && <Arrival prealert={prealert} readAt={readAt} />}
      </header>
      {patient && (
        <>
          <p className="prealert-what">
            {patient.complaint}
            {patient.determinant && <span className="prealert-determinant">{patient.determinant}</span>}
          </p>
          <p className="prealert-who">
            {t(`hospital.sex.${patient.sex ?? 'unknown'}`)}{' '}
            {patient.ageYears === null ? t('hospital.ageUnknown') : t('hospital.age', { years: patient.ageYears })}
          </p>
          <dl className="prealert-vitals">
            {vitalsOf(patient.vitals).map(({ name, value }) => (
              <div key={name}>
                <dt>{t(`hospital.vitals.${name}`)}</dt>
                <dd className="number">{value}</dd>
              </div>
            ))}
          </dl>
          {vitalsOf(patient.vitals).length === 0 && <p className="note-text">{t('hospital.noVitals')}</p>}
          {patient.text && <p className="prealert-text">{patient.text}</p>}
        </>
      )}
      <footer>
        {isAwaited(prealert) && receivedAt === null ? (
          <Button type="primary" className="prealert-receive" onClick={onReceive} data-testid="receive">
            {t('hospital.receive')} {isFirst && <kbd>{t('hospital.receiveKeys')}</kbd>}
          </Button>
        ) : (
          receivedAt && (
            <span data-testid="received">{t('hospital.received', { time: formatTime(receivedAt), by: receivedBy ?? '' })}</span>
          )
        )}
        <span className="note-text">
          {t('hospital.told', { time: formatTime(at), by })}
          {versions > 1 && ` · ${t('hospital.amended', { count: versions })}`}
        </span>
      </footer>
    </article>
  );
}

function Arrival({ prealert, readAt }: { prealert: Prealert; readAt: string }) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const arrival = arrivalOf(prealert, readAt);
  const age = prealert.positionAgeSeconds;
  if (arrival === null) {
    return (
      <span className="prealert-eta" data-testid="prealert-eta">
        {t('hospital.etaUnknown')}
        {age !== null && <small>{t('hospital.positionAge', { age: formatAge(age) })}</small>}
      </span>
    );
  }
  const left = arrival / 1000 - now;
  return (
    <span className="prealert-eta" data-testid="prealert-eta">
      {left > 0 ? (
        <>
          {t('hospital.arrives', { time: formatTime(arrival) })} <strong className="timer">{formatDuration(left)}</strong>
        </>
      ) : (
        t('hospital.due')
      )}
      {!prealert.isOnItsWay && <small>{t('hospital.stillAtScene')}</small>}
    </span>
  );
}
