import { Button, Checkbox } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, TextInput } from '../admin/parts';
import { Field } from '../shell/Field';
import { Failure } from '../shell/Pane';
import { StateChip } from '../shell/Signs';
import type { UnitView } from '../units/api';
import { stateOf } from '../units/states';
import type { Reference } from './api';
import { OpenBar } from './parts';
import { UnitOut } from './UnitOut';
import { UnitShift } from './UnitShift';
import { nameOf, namesOf, useEdit, useStations } from './useSetup';
import { type UnitActing, useUnitAct } from './useUnitAct';

export interface UnitEditorProps {
  unit: UnitView;
  reference: Reference;
  /** Reads the units again. */
  onRefresh(): Promise<unknown>;
  onSaid(text: string): void;
}

/** One unit, each thing of it with a button of its own: what is saved is what was pressed. */
export function UnitEditor(props: UnitEditorProps & { onBack(): void }) {
  const { unit, reference, onBack } = props;
  const { t } = useTranslation();
  return (
    <>
      <OpenBar
        title={unit.callSign}
        note={`${unit.plate} ${namesOf([unit.agency], reference.agencies).join()}`}
        onBack={onBack}
      />
      <div className="setup-open">
        <StateChip state={stateOf(unit)} withName />
        {unit.incidentNumber && <span className="note-text number">{t('setup.atWork', { incident: unit.incidentNumber })}</span>}
      </div>
      <UnitOut {...props} />
      <UnitShift {...props} />
      <div className="setup-one">
        <Capabilities {...props} />
        <Home {...props} />
        <Rest {...props} />
      </div>
    </>
  );
}

function Capabilities(props: UnitEditorProps) {
  const { unit, reference } = props;
  const { t } = useTranslation();
  const acting = useUnitAct(props);
  const edit = useEdit(unit.capabilities, unit.version);
  // Those of its own agency, and what it has besides.
  const known = reference.capabilities.filter(({ agency, code }) => agency === unit.agency || unit.capabilities.includes(code));
  return (
    <OneThing
      what="capabilities"
      acting={acting}
      edit={edit}
      onSave={() =>
        acting.send('capabilities', edit.version ?? unit.version, { capabilities: edit.value }, (saved) =>
          t('setup.capabilitiesSaved', { unit: saved.callSign, names: namesOf(saved.capabilities, known).join(' ') }),
        )
      }
    >
      <Field name="capabilities" label={t('setup.capabilities')} isRequired fault={acting.faultOf('capabilities')}>
        <Checkbox.Group
          className="admin-scopes"
          value={edit.value}
          options={known.map((one) => ({ value: one.code, label: nameOf(one) }))}
          onChange={edit.change}
        />
      </Field>
    </OneThing>
  );
}

function Home(props: UnitEditorProps) {
  const { unit } = props;
  const { t } = useTranslation();
  const acting = useUnitAct(props);
  const stations = useStations();
  const edit = useEdit(unit.stationId, unit.version);
  const own = (stations.data?.stations ?? []).filter(({ agency, id }) => agency === unit.agency || id === unit.stationId);
  return (
    <OneThing
      what="station"
      acting={acting}
      edit={edit}
      onSave={() =>
        acting.send('station', edit.version ?? unit.version, { stationId: edit.value }, (saved) =>
          t('setup.stationSaved', { unit: saved.callSign, station: saved.stationName }),
        )
      }
    >
      {stations.isError && <Failure failure={stations.error} onRetry={() => void stations.refetch()} />}
      <Field name="station" label={t('setup.station')} isRequired fault={acting.faultOf('stationId')}>
        <Choice
          id="station"
          value={edit.value}
          options={own.map((station) => ({ value: station.id, label: nameOf(station) }))}
          isFaulty={acting.faultOf('stationId') !== null}
          onPick={edit.change}
        />
      </Field>
    </OneThing>
  );
}

function Rest(props: UnitEditorProps) {
  const { unit } = props;
  const { t } = useTranslation();
  const acting = useUnitAct(props);
  const edit = useEdit(String(unit.restMinutes), unit.version);
  return (
    <OneThing
      what="rest"
      acting={acting}
      edit={edit}
      onSave={() =>
        acting.send('rest', edit.version ?? unit.version, { minutes: edit.value === '' ? null : Number(edit.value) }, (saved) =>
          t('setup.restSaved', { unit: saved.callSign, minutes: saved.restMinutes }),
        )
      }
    >
      <Field name="rest" label={t('setup.rest')} isRequired fault={acting.faultOf('minutes')}>
        <TextInput
          id="rest"
          value={edit.value}
          maxLength={3}
          isFaulty={acting.faultOf('minutes') !== null}
          onText={(text) => edit.change(text.replace(/\D/g, ''))}
        />
        <span className="note-text">{t('setup.restHint')}</span>
      </Field>
    </OneThing>
  );
}

interface OneThingProps {
  what: 'capabilities' | 'station' | 'rest';
  acting: UnitActing;
  edit: { isChanged: boolean; reset(): void };
  /** True: it was taken. */
  onSave(): Promise<boolean>;
  children: ReactNode;
}

const fieldOf = { capabilities: 'capabilities', station: 'stationId', rest: 'minutes' } as const;

/** One field with its button. */
function OneThing({ what, acting, edit, onSave, children }: OneThingProps) {
  const { t } = useTranslation();
  const reset = () => {
    edit.reset();
    acting.reload();
  };
  return (
    <AddForm
      label={t(`setup.${what}`)}
      submit={t('setup.save')}
      testId={`unit-${what}`}
      isSending={acting.isSending}
      problem={acting.otherThan([fieldOf[what]])}
      onReload={reset}
      acts={edit.isChanged && <Button onClick={reset}>{t('setup.undo')}</Button>}
      onSubmit={() => void onSave().then((isTaken) => isTaken && edit.reset())}
    >
      {children}
    </AddForm>
  );
}
