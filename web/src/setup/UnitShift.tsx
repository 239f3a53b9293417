import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, ConfirmButton, MomentInput, TextInput } from '../admin/parts';
import { fieldOf, momentOf } from '../closures/draft';
import { serverNow } from '../shell/clock';
import { Field } from '../shell/Field';
import { formatMoment } from '../shell/formats';
import { AddRow } from './parts';
import type { UnitEditorProps } from './UnitEditor';
import { nameOf, useEdit } from './useSetup';
import { useUnitAct } from './useUnitAct';

const mostCrew = 12;
const usualShiftMs = 12 * 3_600_000;

/** Who is on the unit and until when: a shift begins, its crew changes, it ends. */
export function UnitShift(props: UnitEditorProps) {
  const { unit, reference } = props;
  const { t } = useTranslation();
  const acting = useUnitAct(props);
  const [until, setUntil] = useState(() => fieldOf(serverNow() + usualShiftMs));
  const edit = useEdit(unit.crew, unit.version);
  const crew = edit.value;
  const { onDuty, from, until: ends } = unit.duty;
  const set = (at: number, part: Partial<(typeof crew)[number]>) =>
    edit.change(crew.map((member, n) => (n === at ? { ...member, ...part } : member)));
  const fields = ['crew', 'until', ...crew.flatMap((_, at) => [`crew[${at}].role`, `crew[${at}].name`])];
  const reset = () => {
    edit.reset();
    acting.reload();
  };
  const send = async (what: 'log-on' | 'log-off' | 'crew', body: object, said: 'loggedOn' | 'loggedOff' | 'crewSaved') => {
    if (await acting.send(what, edit.version ?? unit.version, body, ({ callSign }) => t(`setup.${said}`, { unit: callSign }))) {
      edit.reset();
    }
  };
  const moment = (time: string) => formatMoment(time, serverNow());
  return (
    <AddForm
      label={t('setup.shift')}
      submit={t('setup.logOn')}
      testId="unit-shift"
      isSending={acting.isSending}
      problem={acting.otherThan(fields)}
      onReload={reset}
      acts={
        onDuty && (
          <>
            <Button
              disabled={acting.isSending || !edit.isChanged}
              onClick={() => void send('crew', { crew }, 'crewSaved')}
              data-testid="save-crew"
            >
              {t('setup.saveCrew')}
            </Button>
            <ConfirmButton
              text={t('setup.logOff')}
              confirm={t('setup.confirmLogOff')}
              testId="log-off"
              isDisabled={acting.isSending}
              onConfirm={() => void send('log-off', {}, 'loggedOff')}
            />
          </>
        )
      }
      onSubmit={() => void send('log-on', { crew, until: until === '' ? null : momentOf(until) }, 'loggedOn')}
    >
      <p className="number" data-testid="shift">
        {t(onDuty ? 'setup.onDuty' : 'setup.offDuty')} {from && moment(from)} {ends && `→ ${moment(ends)}`}
      </p>
      {crew.map((member, at) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows have nothing but their place
          key={at}
          name={`crew-${at}`}
          label={t('setup.member', { nth: at + 1 })}
          fault={acting.faultOf(`crew[${at}].role`) ?? acting.faultOf(`crew[${at}].name`)}
        >
          <div className="setup-pair">
            <Choice
              id={`crew-${at}`}
              value={member.role}
              options={reference.crewRoles.map((role) => ({ value: role.code, label: nameOf(role) }))}
              isFaulty={acting.faultOf(`crew[${at}].role`) !== null}
              onPick={(role) => set(at, { role })}
            />
            <TextInput
              id={`crew-name-${at}`}
              value={member.name}
              maxLength={40}
              label={t('setup.memberName', { nth: at + 1 })}
              isFaulty={acting.faultOf(`crew[${at}].name`) !== null}
              onText={(name) => set(at, { name })}
            />
            <Button
              aria-label={t('setup.removeMember', { nth: at + 1 })}
              onClick={() => edit.change(crew.filter((_, n) => n !== at))}
            >
              {t('setup.remove')}
            </Button>
          </div>
        </Field>
      ))}
      <AddRow
        text={t('setup.addMember')}
        fault={acting.faultOf('crew')}
        isDisabled={crew.length >= mostCrew}
        testId="add-member"
        onAdd={() => edit.change([...crew, { role: reference.crewRoles[0]?.code ?? '', name: '' }])}
      />
      <Field name="shift-until" label={t('setup.shiftEnd')} isRequired fault={acting.faultOf('until')}>
        <MomentInput id="shift-until" value={until} isFaulty={acting.faultOf('until') !== null} onText={setUntil} />
      </Field>
    </AddForm>
  );
}
