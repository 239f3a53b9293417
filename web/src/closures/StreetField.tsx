import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../admin/parts';
import type { LonLat } from '../api/contract';
import { useMapState } from '../map/control';
import { PlaceChoice } from '../places/PlaceChoice';
import { usePlaces } from '../places/usePlaces';
import { Combobox } from '../shell/Combobox';
import { Field } from '../shell/Field';
import { language } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { useAlong } from './useClosures';

/** A street by its name, from one of its crossings to another: a closure drawn without a mouse. */
export function StreetField({ onLine }: { onLine(points: readonly LonLat[]): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [street, setStreet] = useState<string | null>(null);
  const [ends, setEnds] = useState({ from: '', to: '' });
  const { places, isWaiting, error } = usePlaces(street === null ? text : '', 20);
  const numberOf = (node: string) => (node === '' ? null : Number(node));
  const isWhole = ends.from !== '' && ends.to !== '' && ends.from !== ends.to;
  const along = useAlong(street, isWhole ? numberOf(ends.from) : null, isWhole ? numberOf(ends.to) : null);
  const crossings = street !== null && along.data?.street === street ? along.data.crossings : [];
  const line = isWhole && !along.isPlaceholderData ? along.data?.geometry : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line alone is told, once
  useEffect(() => {
    onLine(line?.coordinates ?? []);
    if (line) {
      // Choosing the second crossing is asking to see what lies between.
      useMapState.getState().control?.fit(line.coordinates);
    }
  }, [line]);

  // One street lies in several districts: its name is chosen once.
  const found = useMemo(() => {
    const streets = places.filter(({ kind }) => kind === 'street');
    return streets.filter(({ name }, index) => streets.findIndex((other) => other.name === name) === index).slice(0, 8);
  }, [places]);
  const choices = useMemo(() => found.map((place) => ({ id: place.name, content: <PlaceChoice place={place} /> })), [found]);
  const options = [
    { value: '', label: t('closures.chooseCrossing') },
    ...crossings.map(({ node, street: other, streetEn }) => ({
      value: String(node),
      label: language() === 'zh' ? other : streetEn,
    })),
  ];
  return (
    <>
      <Field name="street" label={t('closures.street')} isRequired fault={null}>
        <Combobox
          id="field-street"
          label={t('closures.street')}
          value={text}
          placeholder={t('closures.streetHint')}
          choices={street === null ? choices : []}
          note={street === null && text.trim() !== '' && !isWaiting && !error ? t('closures.noStreet') : null}
          isWaiting={isWaiting}
          testId="field-street"
          choiceTestId="street-option"
          maxLength={60}
          isAsked
          onText={(next) => {
            setText(next);
            setStreet(null);
            setEnds({ from: '', to: '' });
          }}
          onPick={(name) => {
            setText(name);
            setStreet(name);
          }}
        />
      </Field>
      {along.isError && <Failure failure={along.error} />}
      {street !== null && along.isSuccess && crossings.length < 2 && <p className="note-text">{t('closures.noCrossings')}</p>}
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} name={`${end}-crossing`} label={t(`closures.${end}Crossing`)} isRequired fault={null}>
          <Choice
            id={`${end}-crossing`}
            value={ends[end]}
            isFaulty={false}
            options={options}
            onPick={(node) => setEnds({ ...ends, [end]: node })}
          />
        </Field>
      ))}
    </>
  );
}
