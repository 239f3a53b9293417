import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice, TextInput } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import { useBack } from '../shell/actions';
import { Combobox } from '../shell/Combobox';
import { Field } from '../shell/Field';
import { language } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { fleetApi, type TerminalView, type VehicleView } from './api';
import { useFleets, useFoundVehicles } from './useFleet';
import { kindName } from './vehicle';

const fields = ['plate', 'vehicleId', 'kind', 'department', 'name'] as const;

/** For which vehicle a terminal may report: one that is found by its plate, or a new one. */
export function ApproveForm({
  terminal,
  onBack,
  onDone,
}: {
  terminal: TerminalView;
  onBack(): void;
  onDone(terminal: TerminalView): void;
}) {
  const { t } = useTranslation();
  const fleets = useFleets().data?.fleets ?? [];
  const [plate, setPlate] = useState(terminal.plate ?? terminal.saidPlate);
  const [vehicle, setVehicle] = useState<VehicleView | null>(null);
  const [isNew, setNew] = useState(false);
  const [wish, setWish] = useState({ kind: '', department: '', name: '' });
  const { act, isSending, faultOf, otherThan } = useAct('fleet');
  const found = useFoundVehicles(plate, vehicle === null && !isNew);
  const department = wish.department || (fleets[0]?.code ?? '');
  useBack(onBack);

  const choices = useMemo(() => {
    const there = found.data?.vehicles ?? [];
    const isTaken = there.some((one) => one.plate === plate.trim());
    return [
      ...there.map((one) => ({
        id: one.id,
        content: (
          <span className="place-choice">
            <strong>{one.plate}</strong>
            <span className="note-text">
              {one.name} · {kindName(one.kind)}
            </span>
          </span>
        ),
      })),
      // Offered only once it is known that there is none.
      ...(plate.trim() === '' || isTaken || !found.isSuccess || found.isPlaceholderData
        ? []
        : [{ id: 'new', content: t('fleet.newVehicle', { plate: plate.trim() }) }]),
    ];
  }, [found.data, found.isSuccess, found.isPlaceholderData, plate, t]);

  const approve = async () => {
    const made = await act(() =>
      fleetApi.approve(
        terminal,
        vehicle
          ? { vehicleId: vehicle.id }
          : { plate: plate.trim(), kind: wish.kind.trim(), department, name: wish.name.trim() || null },
      ),
    );
    if (made) {
      onDone(made);
    }
  };
  return (
    <form
      className="admin-form"
      aria-label={t('fleet.approveTitle', { terminal: terminal.terminal })}
      data-testid="approve-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSending && (vehicle || isNew)) {
          void approve();
        }
      }}
    >
      <h3>{t('fleet.approveTitle', { terminal: terminal.terminal })}</h3>
      <div className="admin-fields">
        <Field name="approvePlate" label={t('fleet.forVehicle')} isRequired fault={faultOf('plate') ?? faultOf('vehicleId')}>
          <Combobox
            id="field-approvePlate"
            label={t('fleet.forVehicle')}
            value={plate}
            placeholder={t('fleet.forVehicleHint')}
            choices={choices}
            testId="approve-plate"
            choiceTestId="approve-choice"
            maxLength={20}
            isAsked
            onText={(text) => {
              setPlate(text);
              setVehicle(null);
              setNew(false);
            }}
            onPick={(id) => {
              const chosen = found.data?.vehicles.find((one) => one.id === id) ?? null;
              setVehicle(chosen);
              setNew(chosen === null);
              setPlate(chosen?.plate ?? plate.trim());
            }}
          />
          <p className="note-text" role="status">
            {isNew ? t('fleet.isNew') : vehicle ? `${vehicle.name} · ${kindName(vehicle.kind)}` : ''}
          </p>
        </Field>
        {isNew && (
          <>
            <Field name="newKind" label={t('fleet.kind')} isRequired fault={faultOf('kind')}>
              <TextInput
                id="newKind"
                value={wish.kind}
                maxLength={32}
                placeholder={t('fleet.kindHint')}
                isFaulty={faultOf('kind') !== null}
                onText={(kind) => setWish({ ...wish, kind })}
              />
            </Field>
            <Field name="newDepartment" label={t('fleet.department')} isRequired fault={faultOf('department')}>
              <Choice
                id="newDepartment"
                value={department}
                options={fleets.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn }))}
                isFaulty={faultOf('department') !== null}
                onPick={(code) => setWish({ ...wish, department: code })}
              />
            </Field>
            <Field name="newName" label={t('fleet.name')} fault={faultOf('name')}>
              <TextInput
                id="newName"
                value={wish.name}
                maxLength={60}
                placeholder={t('fleet.nameHint')}
                isFaulty={faultOf('name') !== null}
                onText={(name) => setWish({ ...wish, name })}
              />
            </Field>
          </>
        )}
      </div>
      {otherThan(fields) !== null && <Failure failure={otherThan(fields)} />}
      <span className="admin-acts">
        <Button type="primary" htmlType="submit" loading={isSending} disabled={!vehicle && !isNew} data-testid="confirm-approve">
          {t('fleet.confirmApprove')} <kbd>Enter</kbd>
        </Button>
        <Button onClick={onBack}>
          {t('fleet.back')} <kbd>Esc</kbd>
        </Button>
      </span>
    </form>
  );
}
