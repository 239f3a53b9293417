import { Button, Checkbox, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { server } from '../api/server';
import type { CallerPlace } from '../calls/api';
import { CallHead, FromCaller } from '../calls/CallHead';
import { DuplicateLine } from '../calls/DuplicateLine';
import { useCall } from '../calls/useCalls';
import type { CallWork } from '../calls/useCallWork';
import { locateOnMap } from '../map/control';
import { useAction, useBack } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { Field } from '../shell/Field';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Pane } from '../shell/Pane';
import { Since } from '../shell/Signs';
import { useTriageReference } from '../triage/api';
import { keepRest } from '../triage/keep';
import { TriageField } from '../triage/TriageField';
import { heardIn, typed } from '../triage/triage';
import { AddressField } from './AddressField';
import {
  type DraftField,
  type Fault,
  faults,
  isBlank,
  isGiven,
  nameOnMap,
  placeFromGazetteer,
  putAtCaller,
  toRequest,
} from './draft';
import { FactFields } from './FactFields';
import { PriorityField } from './PriorityField';
import { TypeField } from './TypeField';
import { useCommand } from './useBoard';

/** A call being taken. Type and place already bring suggestions; nothing typed is lost by any failure. */
export function IncidentForm({ work }: { work: CallWork }) {
  const { t } = useTranslation();
  const { drafts } = work;
  const { draft, parked, change, save, open, forget } = drafts;
  const { send, isSending, problem, clear } = useCommand();
  const [isChecked, setChecked] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const found = isChecked ? faults(draft) : [];
  const faultOf = (...fields: DraftField[]) => found.find((fault) => fields.includes(fault.field));
  const point = draft.place;
  const keyWords = useTriageReference().data?.keyWords;
  const detail = useCall(draft.callId).data;
  const call = work.calls.find(({ id }) => id === draft.callId) ?? (draft.callId === detail?.call.id ? detail?.call : undefined);

  // Another draft was opened: its faults are its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft is what it follows
  useEffect(() => {
    setChecked(false);
    clear();
  }, [draft.commandId, clear]);

  const leave = () => {
    void save();
    desk.closeForm();
  };

  const onCallerPlace = (place: CallerPlace) => {
    const put = putAtCaller(draft, place);
    change(put);
    useDesk.setState({ draftPlace: [place.lon, place.lat] });
    // The view goes there because somebody asked for it.
    locateOnMap([place.lon, place.lat]);
    server.placeAt([place.lon, place.lat]).then(
      (named) => change((current) => nameOnMap(current, { ...draft, ...put }, named)),
      () => {},
    );
  };

  const submit = async () => {
    setChecked(true);
    const first = faults(draft)[0];
    if (first) {
      document.getElementById(`field-${first.field === 'place' ? 'address' : first.field}`)?.focus();
      return;
    }
    void save();
    const incident = await send(() => server.openIncident(toRequest(draft)));
    if (incident) {
      void keepRest(draft, incident.id, keyWords !== undefined && heardIn(keyWords, draft.complaint) !== undefined);
      forget(draft.commandId);
      desk.closeForm();
      desk.selectIncident(incident.id);
      useDesk.setState({ lowerRight: 'suggestions' });
      requestAnimationFrame(() => focusPane('suggestions'));
    }
  };

  useAction('submit', isSending ? null : () => void submit());
  useAction('saveDraft', () => void save());
  useAction('readBack', () => change({ readBack: !draft.readBack }));
  useAction('priority', () => document.querySelector<HTMLElement>(`[data-testid="field-priority-${draft.priority}"]`)?.focus());
  useAction('locate', point ? () => locateOnMap([point.lon, point.lat]) : null);
  useBack(leave);

  const sayFault = (fault: Fault | undefined): string | null => {
    if (!fault) {
      return null;
    }
    if (fault.why === 'tooLong') {
      return t('form.tooLong', { most: fault.most });
    }
    const missing = { address: 'form.addressMissing', place: 'form.placeMissing', complaint: 'form.complaintMissing' } as const;
    if (fault.field === 'age' || fault.field === 'persons') {
      return t('calls.numberBad');
    }
    return fault.field in missing ? t(missing[fault.field as keyof typeof missing]) : t('form.callbackBad');
  };

  const textField = (
    name: 'detail' | 'complaint' | 'callbackNumber' | 'callerName',
    label: string,
    hint: string,
    testId: string,
    isRequired = false,
  ) => {
    const fault = sayFault(faultOf(name));
    return (
      <Field name={name} label={label} isRequired={isRequired} fault={fault}>
        <Input
          id={`field-${name}`}
          data-testid={testId}
          value={draft[name]}
          placeholder={hint}
          autoComplete="off"
          status={fault ? 'error' : ''}
          aria-describedby={fault ? `fault-${name}` : undefined}
          onChange={(event) => {
            const { value } = event.target;
            change(name === 'complaint' ? (current) => typed(current, value, keyWords) : { [name]: value });
          }}
        />
      </Field>
    );
  };
  const addressFault = sayFault(faultOf('address', 'place'));

  return (
    <Pane
      name="detail"
      className="form-pane"
      title={call ? (call.number ?? t('calls.withheld')) : t('pane.form')}
      keyHint={keyLabel(call ? 'paneDetail' : 'newIncident')}
      aside={
        <>
          {call && call.earlierCalls > 0 && <span className="number">{t('calls.nth', { count: call.earlierCalls + 1 })}</span>}
          {call && !call.lineOpen && <span className="mark">{t('calls.lineEnded')}</span>}
          <span className="note-text">{t('form.since')}</span>
          <Since time={new Date(draft.startedAt).toISOString()} />
        </>
      }
    >
      <form className="call-form" onSubmit={(event) => event.preventDefault()}>
        <DuplicateLine key={draft.commandId} draft={draft} work={work} />
        {call && <CallHead call={call} detail={detail} work={work} onPlace={onCallerPlace} />}
        {parked.length > 0 && (
          <div className="parked">
            <span className="note-text">{t('form.parked')}</span>
            {parked.map((other) => (
              <button type="button" key={other.commandId} className="parked-draft" onClick={() => open(other)}>
                {formatTime(other.startedAt)} {(other.address || other.complaint || other.callbackNumber).slice(0, 10)}
              </button>
            ))}
          </div>
        )}
        <Field name="address" label={t('form.address')} isRequired fault={addressFault}>
          <AddressField
            value={draft.address}
            isPlaced={point !== null && (point.source !== 'map' || isGiven(draft))}
            invalid={addressFault !== null}
            describedBy={addressFault ? 'fault-address' : undefined}
            onText={(address) => {
              // A point from the map stays while the words for it are typed; a chosen entry no longer fits other words.
              const keepsPoint = point?.source === 'map';
              change({ address, readBack: false, ...(keepsPoint ? {} : { place: null }) });
              if (!keepsPoint) {
                useDesk.setState({ draftPlace: null });
              }
            }}
            onPlace={(place) => {
              change({ address: place.name, place: placeFromGazetteer(place), readBack: false });
              useDesk.setState({ draftPlace: [place.lon, place.lat] });
            }}
          />
          <div className="placed">
            {point ? (
              <>
                <span className="placed-yes">◎ {t('form.addressPlaced')}</span>
                <span>{point.source === 'map' ? t('form.fromMap') : t(`form.kinds.${point.source}`)}</span>
                <span>{point.district}</span>
                <span className="number">{t('form.certainty', { meters: point.certaintyMeters })}</span>
              </>
            ) : (
              <span className="mark">{t('form.notPlaced')}</span>
            )}
            {draft.callerWords && <span data-testid="caller-words">{t('form.callerWords', { words: draft.callerWords })}</span>}
            <Checkbox
              className="read-back"
              checked={draft.readBack}
              onChange={(event) => change({ readBack: event.target.checked })}
              data-testid="field-read-back"
            >
              {t('form.readBack')} <kbd>{keyLabel('readBack')}</kbd>
            </Checkbox>
          </div>
        </Field>
        {textField('detail', t('form.detail'), t('form.detailHint'), 'field-detail')}
        {textField('complaint', t('form.complaint'), t('form.complaintHint'), 'field-complaint', true)}
        <Field name="type" label={t('calls.type')} isRequired fault={null}>
          <TypeField
            value={draft.type}
            complaint={draft.complaint}
            onPick={(type) => {
              // The type says how urgent it is at first, but not against somebody's own choice.
              change({ type: type.code, ...(draft.isPriorityChosen ? {} : { priority: type.priority }) });
              document.getElementById('field-callbackNumber')?.focus();
            }}
          />
        </Field>
        <Field name="priority" label={t('priority.label')} isRequired fault={null} keyHint={keyLabel('priority')}>
          <PriorityField
            value={draft.priority}
            testId="field-priority"
            onChange={(priority) => change({ priority, isPriorityChosen: true })}
          />
        </Field>
        <TriageField draft={draft} change={change} />
        <div className="field-pair">
          {textField('callbackNumber', t('form.callback'), t('optional'), 'field-callback')}
          {textField('callerName', t('form.callerName'), t('optional'), 'field-caller')}
        </div>
        <FactFields
          facts={draft.facts}
          fault={sayFault(faultOf('age', 'persons'))}
          onChange={(facts) => change((current) => ({ facts: { ...current.facts, ...facts } }))}
        />
        <Field name="remarks" label={t('calls.remarks')} fault={sayFault(faultOf('remarks'))}>
          <Input
            id="field-remarks"
            data-testid="field-remarks"
            value={draft.facts.remarks}
            placeholder={t('optional')}
            autoComplete="off"
            onChange={(event) => change((current) => ({ facts: { ...current.facts, remarks: event.target.value } }))}
          />
        </Field>
        <FromCaller detail={detail} />
        {problem !== null && <Failure failure={problem} />}
        <footer className="form-foot">
          <span className="note-text number">{draft.savedAt ? t('form.saved', { time: formatTime(draft.savedAt) }) : ''}</span>
          {!isBlank(draft) && (
            <Button
              danger={isDiscarding}
              onBlur={() => setDiscarding(false)}
              onClick={() => {
                // The only way to lose what was typed: it takes two presses.
                if (isDiscarding) {
                  forget(draft.commandId);
                  desk.closeForm();
                }
                setDiscarding(!isDiscarding);
              }}
            >
              {t(isDiscarding ? 'form.confirmDiscard' : 'form.discard')}
            </Button>
          )}
          <Button onClick={leave}>
            {t('detail.backButton')} <kbd>Esc</kbd>
          </Button>
          <Button
            type="primary"
            loading={isSending}
            onClick={() => void submit()}
            data-testid="submit-incident"
            title={t('form.submitAndSee')}
          >
            {t('form.submit')} <kbd>{keyLabel('submit')}</kbd>
          </Button>
        </footer>
      </form>
    </Pane>
  );
}
