import { useTranslation } from 'react-i18next';
import type { Destination, LonLat } from '../api/contract';
import { useHospitals } from '../incidents/useBoard';
import { formatDuration, formatMeters, formatTime } from '../shell/formats';
import { Empty } from '../shell/Pane';
import { Sheet } from './Sheet';
import { useNearest } from './useCrew';

const knownCapabilities = ['chestPain', 'stroke', 'trauma', 'obstetric', 'pediatric', 'poisoning'] as const;
type Capability = (typeof knownCapabilities)[number];

interface HospitalSheetProps {
  from: LonLat;
  /** When the crew left. */
  at: string;
  destinations: readonly Destination[];
  onChoose(destination: Destination): void;
  onBack(): void;
}

/** Where to: the nearest by road first, each with what it can do. */
export function HospitalSheet({ from, at, destinations, onChoose, onBack }: HospitalSheetProps) {
  const { t } = useTranslation();
  const reaches = useNearest(from, destinations);
  const hospitals = useHospitals(true).data?.hospitals ?? [];
  const capabilities = new Map(hospitals.map((hospital) => [hospital.id, hospital.capabilities]));
  return (
    <Sheet title={t('crew.chooseHospital', { time: formatTime(at) })} testId="hospital-sheet" onBack={onBack}>
      {reaches.length === 0 && <Empty>{t('detail.noHospital')}</Empty>}
      {reaches.map(({ destination, seconds, meters }) => (
        <button
          key={destination.id}
          type="button"
          className="crew-button crew-choice"
          data-testid="hospital-option"
          data-destination-id={destination.id}
          onClick={() => onChoose(destination)}
        >
          <strong>{destination.name}</strong>
          <span className="crew-reach">
            {seconds === null ? (
              <span className="mark mark-warn">{t('bar.airline')}</span>
            ) : (
              <strong>{formatDuration(seconds)}</strong>
            )}{' '}
            <span className="number">{formatMeters(meters)}</span>
          </span>
          <span className="note-text">
            {capabilities
              .get(destination.id)
              ?.map((code) =>
                knownCapabilities.includes(code as Capability) ? t(`crew.capabilities.${code as Capability}`) : code,
              )
              .join(' · ')}
          </span>
        </button>
      ))}
    </Sheet>
  );
}
