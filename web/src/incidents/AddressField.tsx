import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundPlace } from '../api/contract';
import { PlaceChoice } from '../places/PlaceChoice';
import { usePlaces } from '../places/usePlaces';
import { Combobox } from '../shell/Combobox';
import { describe } from '../shell/Pane';

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
  const { places, isWaiting, error } = usePlaces(isPlaced ? '' : value, 8);
  const choices = useMemo(() => places.map((place) => ({ id: place.id, content: <PlaceChoice place={place} /> })), [places]);
  const note =
    isPlaced || value.trim() === ''
      ? null
      : isWaiting
        ? t('form.placesAsked')
        : error
          ? `${t('form.placesFailed')} ${describe(error)}`
          : t('form.noPlaces');
  return (
    <Combobox
      id="field-address"
      label={t('form.address')}
      value={value}
      placeholder={t('form.addressHint')}
      choices={choices}
      note={note}
      isWaiting={isWaiting}
      testId="field-address"
      choiceTestId="place-option"
      invalid={invalid}
      describedBy={describedBy}
      onText={onText}
      onPick={(id) => {
        const place = places.find((candidate) => candidate.id === id);
        if (place) {
          onPlace(place);
          document.getElementById('field-detail')?.focus();
        }
      }}
    />
  );
}
