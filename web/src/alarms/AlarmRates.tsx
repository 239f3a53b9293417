import { useTranslation } from 'react-i18next';
import { seatName } from './AlarmSigns';
import type { SeatRate } from './api';

/** A seat that has more than one in ten minutes has too many, or the rules are wrong. */
export function AlarmRates({ rates, ownSeat }: { rates: readonly SeatRate[]; ownSeat: string | null }) {
  const { t } = useTranslation();
  return (
    <section className="alarm-rates note-text" data-testid="alarm-rates">
      <span>{t('alarms.lastHour')}</span>
      {rates.length === 0 && <span>{t('alarms.noneRaised')}</span>}
      {rates.map(({ seat, a1, a2, a3, perTenMinutes }) => (
        <span key={seat ?? ''} className="number">
          {seatName(seat, ownSeat, t)} {t('alarms.rate', { a1, a2, a3, rate: perTenMinutes.toFixed(1) })}
        </span>
      ))}
    </section>
  );
}
