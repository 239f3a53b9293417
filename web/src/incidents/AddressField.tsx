import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundPlace, LonLat } from '../api/contract';
import { server } from '../api/server';
import { useMapState } from '../map/control';
import { Combobox } from '../shell/Combobox';
import { describe } from '../shell/Pane';

const typingPauseMs = 150;

/** What the gazetteer finds for a text, asked once the typing pauses. */
export function usePlaces(text: string, limit: number) {
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text.trim()), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ['places', asked, limit],
    queryFn: ({ signal }) => {
      const near: LonLat | null = useMapState.getState().control?.center() ?? null;
      return server.places(asked, near, limit, signal);
    },
    enabled: asked.length > 0,
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
  });
}

export function PlaceChoice({ place }: { place: FoundPlace }) {
  const { t } = useTranslation();
  return (
    <span className="place-choice">
      <strong>{place.name}</strong>
      <span className="note-text">{[place.district, place.detail].filter(Boolean).join(' · ')}</span>
      <span className="mark">{t(`form.kinds.${place.kind}`)}</span>
    </span>
  );
}

interface AddressFieldProps {
  value: string;
  isPlaced: boolean;
  invalid: boolean;
  describedBy: string | undefined;
  onText(text: string): void;
  onPlace(place: FoundPlace): void;
}

export function AddressField({ value, isPlaced, invalid, describedBy, onText, onPlace }: AddressFieldProps) {
  const { t } = useTranslation();
  const places = usePlaces(isPlaced ? '' : value, 8);
  const found = useMemo(
    () => (isPlaced || value.trim() === '' ? [] : (places.data?.places ?? [])),
    [places.data, isPlaced, value],
  );
  const choices = useMemo(() => found.map((place) => ({ id: place.id, content: <PlaceChoice place={place} /> })), [found]);
  const note =
    isPlaced || value.trim() === '' || places.isPending
      ? null
      : places.isError
        ? `${t('form.placesFailed')} ${describe(places.error)}`
        : t('form.noPlaces');
  return (
    <Combobox
      id="field-address"
      label={t('form.address')}
      value={value}
      placeholder={t('form.addressHint')}
      choices={choices}
      note={note}
      testId="field-address"
      choiceTestId="place-option"
      invalid={invalid}
      describedBy={describedBy}
      onText={onText}
      onPick={(id) => {
        const place = found.find((candidate) => candidate.id === id);
        if (place) {
          onPlace(place);
          document.getElementById('field-detail')?.focus();
        }
      }}
    />
  );
}
