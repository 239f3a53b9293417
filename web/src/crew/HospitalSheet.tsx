import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual, Destination, IncidentDetail, LonLat } from '../api/contract';
import '../hospital/choice.css';
import { capabilityNames } from '../hospital/load';
import { SummaryFields } from '../hospital/SummaryFields';
import { useRanking, useSent } from '../hospital/useChoice';
import { usePrealert } from '../hospital/usePrealert';
import { formatDuration, formatMeters, formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { Sheet } from './Sheet';
import { useNearest } from './useCrew';

interface HospitalSheetProps {
  assignmentId: string;
  incident: IncidentDetail;
  from: LonLat;
  /** When the crew left. */
  at: string;
  destinations: readonly Destination[];
  onChoose(destination: Destination): void;
  onBack(): void;
}

interface Option {
  destination: Destination;
  seconds: number | null;
  meters: number | null;
  reason: Bilingual | null;
  isLeftOut: boolean;
}

/** Where to: ranked with reasons, those that do not take the patient last. One tap leaves for it; the small button tells it who comes. */
export function HospitalSheet({ assignmentId, incident, from, at, destinations, onChoose, onBack }: HospitalSheetProps) {
  const { t } = useTranslation();
  const [needed, setNeeded] = useState<readonly string[]>([]);
  const [tellId, setTellId] = useState<string | null>(null);
  const { options, isPending, isRanked } = useOptions(assignmentId, needed, from, destinations);
  const last = useSent(assignmentId).data?.at(-1);
  const prealert = usePrealert(assignmentId, incident, undefined, last && [last]);
  const told = destinations.find(({ id }) => id === tellId);

  if (told) {
    return (
      <Sheet title={t('choice.tellWhom', { hospital: told.name })} testId="prealert-sheet" onBack={() => setTellId(null)}>
        {prealert.problem !== null && <Failure failure={prealert.problem} />}
        <SummaryFields isShort draft={prealert.draft} onChange={prealert.change} />
        <button
          type="button"
          className="crew-button crew-send"
          disabled={prealert.isSending || prealert.draft.complaint.trim() === ''}
          onClick={() => void prealert.send(told.id).then((isSent) => isSent && setTellId(null))}
          data-testid="send-prealert"
        >
          {t('choice.tell')}
        </button>
      </Sheet>
    );
  }
  return (
    <Sheet title={t('crew.chooseHospital', { time: formatTime(at) })} testId="hospital-sheet" onBack={onBack}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this */}
      <div role="group" aria-label={t('choice.needs')} className="crew-needs">
        {capabilityNames.map((code) => (
          <button
            key={code}
            type="button"
            className="crew-button"
            aria-pressed={needed.includes(code)}
            onClick={() => setNeeded(capabilityNames.filter((one) => (one === code) !== needed.includes(one)))}
            data-testid={`needs-${code}`}
          >
            {t(`hospital.capabilities.${code}`)}
          </button>
        ))}
      </div>
      {isPending && <Skeleton rows={3} />}
      {!isPending && !isRanked && <p className="mark mark-warn crew-unranked">{t('choice.noRanking')}</p>}
      {!isPending && options.length === 0 && <Empty>{t('detail.noHospital')}</Empty>}
      {options.map(({ destination, seconds, meters, reason, isLeftOut }) => (
        <div key={destination.id} className="crew-option">
          <button
            type="button"
            className={isLeftOut ? 'crew-button crew-choice crew-button-off' : 'crew-button crew-choice'}
            data-testid="hospital-option"
            data-destination-id={destination.id}
            data-left-out={isLeftOut}
            onClick={() => onChoose(destination)}
          >
            <strong>{destination.name}</strong>
            <span className="crew-reach">
              {seconds === null ? (
                meters !== null && <span className="mark mark-warn">{t('bar.airline')}</span>
              ) : (
                <strong>{formatDuration(seconds)}</strong>
              )}{' '}
              {meters !== null && <span className="number">{formatMeters(meters)}</span>}
            </span>
            <span className="note-text">
              {isLeftOut && <span className="mark mark-warn">{t('choice.leftOut')}</span>} {reason && inLanguage(reason)}
            </span>
          </button>
          <button
            type="button"
            className="crew-button crew-tell"
            onClick={() => setTellId(destination.id)}
            data-testid="tell-hospital"
          >
            {t(last?.hospitalId === destination.id ? (last.receipt ? 'choice.received' : 'choice.announced') : 'choice.tell')}{' '}
            <span className="unseen">{destination.name}</span>
          </button>
        </div>
      ))}
    </Sheet>
  );
}

/** As the server ranks them, once for each need: nothing moves under a finger. Where it does not answer, by the road alone. */
function useOptions(runId: string, capabilities: readonly string[], from: LonLat, destinations: readonly Destination[]) {
  const ranking = useRanking(runId, { capabilities, level: null, wishHospitalId: null }, false);
  const reaches = useNearest(from, ranking.isError ? destinations : []);
  const placeOf = (id: string) => destinations.find((destination) => destination.id === id);
  const ranked = [
    ...(ranking.data?.hospitals ?? []).map((one) => ({ ...one, isLeftOut: false })),
    ...(ranking.data?.leftOut ?? []).map((one) => ({ ...one, isLeftOut: true })),
  ].flatMap(({ hospitalId, roadSeconds, reason, isLeftOut }): Option[] => {
    const destination = placeOf(hospitalId);
    return destination ? [{ destination, seconds: roadSeconds, meters: null, reason, isLeftOut }] : [];
  });
  const unranked = ranking.isError
    ? reaches.map(
        ({ destination, seconds, meters }): Option => ({ destination, seconds, meters, reason: null, isLeftOut: false }),
      )
    : [];
  return { options: ranking.isError ? unranked : ranked, isPending: ranking.isPending, isRanked: !ranking.isError };
}
