import { Button, Checkbox, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { server } from '../api/server';
import { locateOnMap } from '../map/control';
import { useAction, useBack } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { Field } from '../shell/Field';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Pane } from '../shell/Pane';
import { Since } from '../shell/Signs';
import { AddressField } from './AddressField';
import { type DraftField, type Fault, faults, isBlank, isGiven, placeFromGazetteer, toRequest } from './draft';
import { PriorityField } from './PriorityField';
import { useCommand } from './useBoard';
import type { Drafts } from './useDraft';

/** A call being taken. Type and place already bring suggestions; nothing typed is lost by any failure. */
export function IncidentForm({ drafts }: { drafts: Drafts }) {
  const { t } = useTranslation();
  const { draft, parked, change, save, open, forget } = drafts;
  const { send, isSending, problem, clear } = useCommand();
  const [isChecked, setChecked] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const found = isChecked ? faults(draft) : [];
  const faultOf = (...fields: DraftField[]) => found.find((fault) => fields.includes(fault.field));
  const point = draft.place;

  // Another draft was opened: its faults are its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft is what it follows
  useEffect(() => {
    setChecked(false);
    clear();
  }, [draft.commandId, clear]);

  const leave = () => {
    save();
    desk.closeForm();
  };

  const submit = async () => {
    setChecked(true);
    const first = faults(draft)[0];
    if (first) {
      document.getElementById(`field-${first.field === 'place' ? 'address' : first.field}`)?.focus();
      return;
    }
    save();
    const incident = await send(() => server.openIncident(toRequest(draft)));
    if (incident) {
      forget(draft.commandId);
      desk.closeForm();
      desk.selectIncident(incident.id);
      useDesk.setState({ lowerRight: 'suggestions' });
      requestAnimationFrame(() => focusPane('suggestions'));
    }
  };

  useAction('submit', isSending ? null : () => void submit());
  useAction('saveDraft', save);
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
          onChange={(event) => change({ [name]: event.target.value })}
        />
      </Field>
    );
  };
  const addressFault = sayFault(faultOf('address', 'place'));

  return (
    <Pane
      name="detail"
      className="form-pane"
      title={t('pane.form')}
      keyHint={keyLabel('newIncident')}
      aside={
        <>
          <span className="note-text">{t('form.since')}</span>
          <Since time={new Date(draft.startedAt).toISOString()} />
        </>
      }
    >
      <form className="call-form" onSubmit={(event) => event.preventDefault()}>
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
        <Field name="priority" label={t('priority.label')} isRequired fault={null} keyHint={keyLabel('priority')}>
          <PriorityField value={draft.priority} testId="field-priority" onChange={(priority) => change({ priority })} />
        </Field>
        <div className="field-pair">
          {textField('callbackNumber', t('form.callback'), t('optional'), 'field-callback')}
          {textField('callerName', t('form.callerName'), t('optional'), 'field-caller')}
        </div>
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
