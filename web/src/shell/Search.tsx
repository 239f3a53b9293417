import type { InputRef } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { positions } from '../feed/positions';
import { useFoundVehicles } from '../fleet/useFleet';
import { newestPlace } from '../fleet/vehicle';
import { PlaceChoice, usePlaces } from '../incidents/AddressField';
import { useBoard } from '../incidents/useBoard';
import { locateOnMap } from '../map/control';
import { unitPlace } from '../units/order';
import { stateOf } from '../units/states';
import { useAction } from './actions';
import { type Choice, Combobox } from './Combobox';
import { desk } from './desk';
import { findIncidents, findUnits } from './find';
import { keyLabel } from './keys';
import { Diamond, StateChip } from './Signs';

/** F3: an incident by number, a unit by call sign, a vehicle by plate or name, a place by name. Choosing one opens it or shows it on the map. */
export function Search() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<InputRef>(null);
  const board = useBoard().data;
  const places = usePlaces(text, 5);
  const vehicles = useFoundVehicles(text, text.trim().length > 1);
  useAction('search', () => field.current?.focus({ cursor: 'all' }));

  const found = useMemo(() => {
    const acts: { choice: Choice; act: () => void }[] = [];
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
    for (const vehicle of text.trim().length > 1 ? (vehicles.data?.vehicles ?? []).slice(0, 4) : []) {
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
    for (const place of text.trim() === '' ? [] : (places.data?.places ?? [])) {
      acts.push({
        choice: { id: `place:${place.id}`, content: <PlaceChoice place={place} /> },
        act: () => locateOnMap([place.lon, place.lat]),
      });
    }
    return acts;
  }, [board, places.data, vehicles.data, text]);
  const choices = useMemo(() => found.map(({ choice }) => choice), [found]);

  return (
    <div className="bar-search">
      <Combobox
        label={t('bar.search')}
        inputRef={field}
        value={text}
        placeholder={t('bar.searchHint')}
        prefix={<kbd>{keyLabel('search')}</kbd>}
        choices={choices}
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
