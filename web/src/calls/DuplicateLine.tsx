import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from '../incidents/draft';
import { useAction } from '../shell/actions';
import { inLanguage } from '../shell/i18n';
import { isInputMethod } from '../shell/ime';
import { keyLabel } from '../shell/keys';
import { describe } from '../shell/Pane';
import { callsApi, type Offer, type Told } from './api';
import { candidateOf, nextCandidate } from './candidate';
import type { CallWork } from './useCallWork';

const typingPauseMs = 400;
const none: readonly Offer[] = [];

/** What the draft tells so far; null until it has a place, without which nothing is compared. */
function toldBy({ place, type, complaint, startedAt }: Draft): Told | null {
  return (
    place && {
      lon: place.lon,
      lat: place.lat,
      foundBy: place.source,
      uncertaintyMeters: place.isMeasured ? place.certaintyMeters : null,
      type,
      complaint: complaint.trim().slice(0, 200),
      receivedAt: new Date(startedAt).toISOString(),
    }
  );
}

/** The incidents that the draft may tell of, asked once the typing pauses; the next question takes the place of the last. */
function useDuplicates(draft: Draft) {
  const wanted = toldBy(draft);
  const text = JSON.stringify(wanted);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  const { data, error } = useQuery({
    queryKey: ['duplicates', asked],
    queryFn: ({ signal }) => callsApi.duplicates(JSON.parse(asked) as Told, signal),
    enabled: asked !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
    // Others open incidents meanwhile.
    refetchInterval: 10_000,
  });
  return { offers: wanted && asked !== 'null' ? (data?.offers ?? none) : none, error };
}

/** The line on top of the form: the best of them, with why. It is always there, so that nothing moves when it speaks. */
export function DuplicateLine({ draft, work }: { draft: Draft; work: CallWork }) {
  const { t } = useTranslation();
  const { offers, error } = useDuplicates(draft);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const offer = candidateOf(offers, chosenId);
  const merge = () => {
    if (offer) {
      void work.merge(offer.incidentId, offer.number);
    }
  };
  useAction('merge', offer ? merge : null);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, 1 | -1> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.code];
    if (step && !isInputMethod(event) && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      setChosenId(nextCandidate(offers, chosenId, step));
    }
  };
  return (
    <div className={`duplicate ${offer ? 'is-lit' : ''}`} data-testid="duplicate" role="status">
      {offer ? (
        <>
          <span className="duplicate-what" title={inLanguage(offer.reason)}>
            <strong className="number">{offer.number}?</strong> {offer.complaint} · {offer.address}
            <span className="note-text number duplicate-why">{inLanguage(offer.reason)}</span>
          </span>
          {offers.length > 1 && (
            <span className="note-text number">
              ←→ {offers.indexOf(offer) + 1}/{offers.length}
            </span>
          )}
          <Button onClick={merge} onKeyDown={onKeyDown} loading={work.isSending} data-testid="merge">
            {t('calls.merge')} <kbd>{keyLabel('merge')}</kbd>
          </Button>
        </>
      ) : (
        <span className="note-text">{error ? describe(error) : t('calls.noDuplicate')}</span>
      )}
    </div>
  );
}
