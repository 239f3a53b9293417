import { Checkbox, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../admin/parts';
import type { FoundPlace, IncidentDetail } from '../../api/contract';
import { PlaceChoice } from '../../places/PlaceChoice';
import { usePlaces } from '../../places/usePlaces';
import { ChoiceButtons } from '../../shell/ChoiceButtons';
import { Combobox } from '../../shell/Combobox';
import { language } from '../../shell/i18n';
import { describe } from '../../shell/Pane';
import { type Correction, correctable, parseTimeNear, timeInField, timeOf } from '../corrections';
import type { TimelineEntry } from '../lines';
import { sayEntry } from '../timelineText';
import { useReference } from '../useParts';
import { Act, type Sending, TextField } from './Act';

const factNames = ['place', 'type', 'complaint'] as const;
type FactName = (typeof factNames)[number];

interface CorrectActProps extends Sending {
  incident: IncidentDetail;
  entry: TimelineEntry;
  onCorrect(correction: Correction, why: string): void;
}

/** Says better what a line said, and why. The line stays and is marked. */
export function CorrectAct({ isSending, incident, entry, onCorrect }: CorrectActProps) {
  const { t } = useTranslation();
  const kind = correctable(entry);
  const [why, setWhy] = useState('');
  const [fact, setFact] = useState<FactName>('place');
  const [text, setText] = useState(kind === 'milestone' ? timeInField(entry) : noteOf(entry));
  const [complaint, setComplaint] = useState(incident.complaint);
  const [type, setType] = useState(incident.type);
  const [place, setPlace] = useState<FoundPlace | null>(null);
  const [readBack, setReadBack] = useState(false);

  const correction = ((): Correction | null => {
    const said = text.trim();
    if (kind === 'note') {
      return said !== '' && said !== noteOf(entry) ? { note: { version: entry.version, text: said } } : null;
    }
    if (kind === 'milestone') {
      const at = parseTimeNear(said, timeOf(entry));
      return at !== null && said !== timeInField(entry) ? { milestone: { version: entry.version, at } } : null;
    }
    if (fact === 'place') {
      return place && { place: toPlace(place, incident), readBack };
    }
    if (fact === 'type') {
      return type === incident.type ? null : { type };
    }
    return complaint.trim() !== '' && complaint.trim() !== incident.complaint ? { complaint: complaint.trim() } : null;
  })();

  return (
    <Act
      label={t('parts.correctLine', { line: sayEntry(entry, t) })}
      confirm={t('parts.correct')}
      confirmTestId="confirm-correct"
      isSending={isSending}
      isReady={correction !== null && why.trim() !== ''}
      onConfirm={() => correction && onCorrect(correction, why.trim())}
    >
      {kind === 'note' && (
        <Input.TextArea
          autoFocus
          rows={2}
          maxLength={1000}
          value={text}
          aria-label={t('detail.noteLabel')}
          onChange={(event) => setText(event.target.value)}
          data-testid="field-correct"
        />
      )}
      {kind === 'milestone' && (
        <TextField isFirst value={text} most={8} placeholder={t('parts.timeHint')} testId="field-correct" onText={setText} />
      )}
      {kind === 'facts' && (
        <ChoiceButtons
          isFirst
          label={t('parts.correctWhat')}
          value={fact}
          choices={factNames.map((value) => ({ value, text: t(`parts.correctFacts.${value}`) }))}
          testId="correct"
          onChoose={setFact}
        />
      )}
      {kind === 'facts' && fact === 'place' && (
        <>
          <PlaceField place={place} onPlace={setPlace} />
          <Checkbox checked={readBack} onChange={(event) => setReadBack(event.target.checked)} data-testid="correct-read-back">
            {t('detail.readBack')}
          </Checkbox>
        </>
      )}
      {kind === 'facts' && fact === 'type' && <TypeField value={type} onType={setType} />}
      {kind === 'facts' && fact === 'complaint' && (
        <TextField
          value={complaint}
          placeholder={t('parts.correctFacts.complaint')}
          testId="field-correct"
          onText={setComplaint}
        />
      )}
      <TextField value={why} placeholder={t('parts.correctWhy')} testId="field-correct-why" onText={setWhy} />
    </Act>
  );
}

const noteOf = (entry: TimelineEntry): string =>
  entry.type === 'noteAdded' || entry.type === 'noteCorrected' ? entry.data.text : '';

/** What belongs to the door (staircase, floor) is of the old address: it goes. */
const toPlace = ({ lon, lat, name, kind }: FoundPlace, { place }: IncidentDetail) => ({
  lon,
  lat,
  address: name,
  detail: name === place.address ? place.detail : null,
  foundBy: kind,
  callerWords: place.callerWords,
});

function PlaceField({ place, onPlace }: { place: FoundPlace | null; onPlace(place: FoundPlace | null): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { places, isWaiting, error } = usePlaces(place ? '' : text, 8);
  const choices = useMemo(() => places.map((found) => ({ id: found.id, content: <PlaceChoice place={found} /> })), [places]);
  return (
    <Combobox
      label={t('form.address')}
      value={text}
      placeholder={t('form.addressHint')}
      choices={choices}
      isWaiting={isWaiting}
      note={place || text.trim() === '' || isWaiting ? null : error ? describe(error) : t('form.noPlaces')}
      testId="field-correct-place"
      choiceTestId="place-option"
      onText={(next) => {
        setText(next);
        onPlace(null);
      }}
      onPick={(id) => {
        const found = places.find((candidate) => candidate.id === id);
        if (found) {
          setText(found.name);
          onPlace(found);
        }
      }}
    />
  );
}

function TypeField({ value, onType }: { value: string; onType(type: string): void }) {
  const { t } = useTranslation();
  const types = useReference().data?.types.filter(({ active, code }) => active || code === value) ?? [];
  return (
    <label className="part-row" htmlFor="field-correct-type">
      {t('parts.correctFacts.type')}
      <Choice
        id="correct-type"
        value={value}
        isFaulty={false}
        options={types.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn }))}
        onPick={onType}
      />
    </label>
  );
}
