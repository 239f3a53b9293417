import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, TextInput } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import { useBack } from '../shell/actions';
import { Field } from '../shell/Field';
import { language } from '../shell/i18n';
import { fleetApi, type VehicleView } from './api';
import { useFleets } from './useFleet';

const fields = ['name', 'kind', 'department'] as const;

/** What a vehicle is called, of which kind, and in whose fleet it is. */
export function EditVehicle({ vehicle, onDone }: { vehicle: VehicleView; onDone(): void }) {
  const { t } = useTranslation();
  const fleets = useFleets().data?.fleets ?? [];
  const [wish, setWish] = useState({ name: vehicle.name, kind: vehicle.kind, department: vehicle.department ?? '' });
  const { act, isSending, faultOf, otherThan } = useAct('fleet');
  useBack(onDone);
  const save = async () => {
    const { name, kind, department } = wish;
    if ((await act(() => fleetApi.changeVehicle(vehicle.id, { name, kind, department: department || null }))) !== null) {
      onDone();
    }
  };
  return (
    <div className="edit-vehicle">
      <AddForm
        label={t('fleet.edit')}
        submit={t('fleet.save')}
        testId="edit-vehicle"
        isSending={isSending}
        problem={otherThan(fields)}
        onSubmit={() => void save()}
      >
        {(['name', 'kind'] as const).map((name) => (
          <Field key={name} name={`vehicle-${name}`} label={t(`fleet.${name}`)} isRequired fault={faultOf(name)}>
            <TextInput
              id={`vehicle-${name}`}
              value={wish[name]}
              maxLength={name === 'name' ? 60 : 32}
              isFaulty={faultOf(name) !== null}
              onText={(text) => setWish({ ...wish, [name]: text })}
            />
          </Field>
        ))}
        <Field name="vehicle-department" label={t('fleet.department')} fault={faultOf('department')}>
          <Choice
            id="vehicle-department"
            value={wish.department}
            isFaulty={faultOf('department') !== null}
            options={[
              // A fleet that it is in it leaves for another alone.
              ...(vehicle.department === null ? [{ value: '', label: t('fleet.noDepartment') }] : []),
              ...fleets.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn })),
            ]}
            onPick={(department) => setWish({ ...wish, department })}
          />
        </Field>
      </AddForm>
      <Button onClick={onDone}>
        {t('fleet.back')} <kbd>Esc</kbd>
      </Button>
    </div>
  );
}
