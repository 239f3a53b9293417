import type { InputRef } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board } from '../api/contract';
import { positions } from '../feed/positions';
import { useFoundVehicles } from '../fleet/useFleet';
import { newestPlace } from '../fleet/vehicle';
import { locateOnMap } from '../map/control';
import { PlaceChoice } from '../places/PlaceChoice';
import { usePlaces, useSettled } from '../places/usePlaces';
import { unitPlace } from '../units/order';
import { stateOf } from '../units/states';
import { useAction } from './actions';
import { type Choice, Combobox } from './Combobox';
import { desk, useDesk } from './desk';
import { findIncidents, findUnits } from './find';
import { keyLabel } from './keys';
import { describe } from './Pane';
import { Diamond, StateChip } from './Signs';

interface Found {
  choice: Choice;
  act(): void;
}

interface SearchProps {
  /** Incidents and units to look through as well; null for those without a desk. */
  board: Pick<Board, 'incidents' | 'units'> | null;
}

/**
 * F3: an incident by number, a unit by call sign, a place by name, a vehicle by plate or name. Choosing one opens it or shows it on the
 * map, a place with a mark.
 */
export function Search({ board }: SearchProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<InputRef>(null);
  const { places, isWaiting: placesWait, error } = usePlaces(text, 6);
  const asksVehicles = text.trim().length > 1;
  const vehicles = useFoundVehicles(text, asksVehicles);
  const isWaiting = placesWait || (asksVehicles && vehicles.isFetching);
  const sought = useDesk((state) => state.sought);
  useEffect(() => {
    if (sought) {
      setText(sought.text);
      field.current?.focus({ cursor: 'end' });
    }
  }, [sought]);
  useAction('search', () => field.current?.focus({ cursor: 'all' }));

  // What this desk knows is there at once; what the server finds stands below it, so that nothing moves when it comes.
  const known = useMemo(() => {
    const acts: Found[] = [];
    for (const incident of findIncidents(board?.incidents ?? [], text).slice(0, 4)) {
      const content = (
        <span className="place-choice">
          <Diamond priority={incident.priority} isClosed={incident.status === 'closed'} />
          <strong>{incident.number}</strong>
          <span className="note-text">
            {incident.complaint} · {incident.place.address}
          </span>
        </span>
      );
      acts.push({ choice: { id: `incident:${incident.id}`, content }, act: () => desk.selectIncident(incident.id) });
    }
    for (const unit of findUnits(board?.units ?? [], text).slice(0, 4)) {
      const content = (
        <span className="place-choice">
          <StateChip state={stateOf(unit)} />
          <strong>{unit.callSign}</strong>
          <span className="note-text">{unit.stationName}</span>
        </span>
      );
      acts.push({
        choice: { id: `unit:${unit.id}`, content },
        act: () => {
          const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
          desk.selectUnit(unit.id);
          locateOnMap([lon, lat]);
        },
      });
    }
    return acts;
  }, [board, text]);
  const asked = useMemo(() => {
    const acts: Found[] = places.map((place) => ({
      choice: { id: `place:${place.id}`, content: <PlaceChoice place={place} /> },
      act: () => {
        desk.showPlace([place.lon, place.lat]);
        locateOnMap([place.lon, place.lat]);
      },
    }));
    for (const vehicle of asksVehicles ? (vehicles.data?.vehicles ?? []).slice(0, 4) : []) {
      const content = (
        <span className="place-choice">
          <strong>{vehicle.plate}</strong>
          <span className="note-text">{vehicle.name}</span>
        </span>
      );
      acts.push({
        choice: { id: `vehicle:${vehicle.id}`, content },
        act: () => {
          desk.selectVehicle(vehicle.id);
          const { lon, lat } = newestPlace(vehicle);
          if (lon !== null && lat !== null) {
            locateOnMap([lon, lat]);
          }
        },
      });
    }
    return acts;
  }, [places, vehicles.data, asksVehicles]);
  const late = useSettled(asked, isWaiting);
  const found = useMemo(() => (text.trim() === '' ? [] : [...known, ...late]), [known, late, text]);
  const choices = useMemo(() => found.map(({ choice }) => choice), [found]);
  const failed = error ? `${t('bar.placesFailed')} ${describe(error)}` : null;

  return (
    <div className="bar-search">
      <Combobox
        label={t('bar.search')}
        inputRef={field}
        value={text}
        placeholder={t('bar.searchHint')}
        prefix={<kbd>{keyLabel('search')}</kbd>}
        choices={choices}
        note={text.trim() === '' ? null : isWaiting ? t('form.placesAsked') : (failed ?? t('bar.nothingFound'))}
        footnote={failed}
        isWaiting={isWaiting && known.length === 0}
        testId="search"
        choiceTestId="search-option"
        maxLength={100}
        onText={setText}
        onPick={(id) => {
          found.find(({ choice }) => choice.id === id)?.act();
          setText('');
        }}
      />
    </div>
  );
}
