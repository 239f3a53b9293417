import { Button, Input, Table } from 'antd';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, ConfirmButton, TextInput } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import type { SessionView } from '../api/contract';
import { newId } from '../api/server';
import { keepsDrivers } from '../session/roles';
import { useBack } from '../shell/actions';
import { Combobox } from '../shell/Combobox';
import { serverNow } from '../shell/clock';
import { Field } from '../shell/Field';
import { formatMoment } from '../shell/formats';
import { language } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { type DriverView, fleetApi } from './api';
import { departmentName, useDrivers, useFleets, useFoundVehicles } from './useFleet';

const fields = ['name', 'licence', 'phone', 'department'] as const;
const blank = { name: '', licence: '', phone: '', department: '' };

/** Who drives: entered by administrators and by departments for their own fleet; a driver takes a vehicle over and hands it over. */
export function Drivers({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const fleets = useFleets().data?.fleets ?? [];
  const [text, setText] = useState('');
  const [wish, setWish] = useState({ ...blank, id: newId() });
  const [taking, setTaking] = useState<DriverView | null>(null);
  const drivers = useDrivers(useDeferredValue(text));
  const adding = useAct('fleet');
  const changing = useAct('fleet');
  const keeps = keepsDrivers(who);
  const department = wish.department || (fleets[0]?.code ?? '');
  const create = async () => {
    if ((await adding.act(() => fleetApi.addDriver({ ...wish, department }))) !== null) {
      setWish({ ...blank, department, id: newId() });
    }
  };
  return (
    <>
      {keeps && (
        <AddForm
          label={t('fleet.newDriver')}
          submit={t('fleet.create')}
          testId="add-driver"
          isSending={adding.isSending}
          problem={adding.otherThan(fields)}
          onSubmit={() => void create()}
        >
          {(['name', 'licence', 'phone'] as const).map((name) => (
            <Field
              key={name}
              name={name}
              label={t(name === 'name' ? 'fleet.driverName' : `fleet.${name}`)}
              isRequired={name !== 'phone'}
              fault={adding.faultOf(name)}
            >
              <TextInput
                id={name}
                value={wish[name]}
                maxLength={name === 'name' ? 60 : 32}
                isFaulty={adding.faultOf(name) !== null}
                onText={(value) => setWish({ ...wish, [name]: value, ...(adding.problem === null ? {} : { id: newId() }) })}
              />
            </Field>
          ))}
          <Field name="driverDepartment" label={t('fleet.department')} isRequired fault={adding.faultOf('department')}>
            <Choice
              id="driverDepartment"
              value={department}
              options={fleets.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn }))}
              isFaulty={adding.faultOf('department') !== null}
              onPick={(code) => setWish({ ...wish, department: code })}
            />
          </Field>
        </AddForm>
      )}
      {taking && <TakeOver key={taking.id} driver={taking} onBack={() => setTaking(null)} />}
      {changing.problem !== null && <Failure failure={changing.problem} />}
      {drivers.isError && <Failure failure={drivers.error} onRetry={() => void drivers.refetch()} />}
      <div className="admin-list-head">
        <h3>
          {t('fleet.drivers')} <span className="number">{drivers.data?.pages[0]?.total ?? 0}</span>
        </h3>
        <Input
          value={text}
          placeholder={t('fleet.driverName')}
          aria-label={t('fleet.search')}
          maxLength={60}
          onChange={(event) => setText(event.target.value)}
          data-testid="search-drivers"
        />
      </div>
      <Table<DriverView>
        rowKey="id"
        size="small"
        pagination={false}
        loading={drivers.isPending}
        dataSource={drivers.data?.pages.flatMap((page) => page.drivers) ?? []}
        locale={{ emptyText: t('fleet.noDrivers') }}
        onRow={({ name }) => ({ 'data-testid': 'driver-row', 'data-name': name }) as object}
        columns={[
          { title: t('fleet.driverName'), dataIndex: 'name' },
          { title: t('fleet.department'), dataIndex: 'department', render: (code: string) => departmentName(fleets, code) },
          { title: t('fleet.licence'), className: 'number', render: (_, { licenceEnd }) => `…${licenceEnd}` },
          {
            title: t('fleet.drives'),
            render: (_, { plate, since, hasLeft }) =>
              plate && since ? (
                <>
                  <strong className="number">{plate}</strong>{' '}
                  <span className="note-text number">{t('fleet.since', { time: formatMoment(since, serverNow()) })}</span>
                </>
              ) : (
                <span className="note-text">{t(hasLeft ? 'fleet.hasLeft' : 'fleet.free')}</span>
              ),
          },
          ...(keeps
            ? [
                {
                  title: t('fleet.acts'),
                  render: (_: unknown, driver: DriverView) =>
                    !driver.hasLeft && (
                      <span className="admin-acts">
                        {driver.shiftId ? (
                          <ConfirmButton
                            text={t('fleet.handOver')}
                            confirm={t('fleet.confirmHandOver')}
                            testId="hand-over"
                            isDisabled={changing.isSending}
                            onConfirm={() => void changing.act(() => fleetApi.handOver(driver.id, driver.shiftId ?? ''))}
                          />
                        ) : (
                          <Button onClick={() => setTaking(driver)} data-testid="take-over">
                            {t('fleet.takeOver')}
                          </Button>
                        )}
                        <ConfirmButton
                          text={t('fleet.leave')}
                          confirm={t('fleet.confirmLeave')}
                          testId="leave"
                          isDisabled={changing.isSending}
                          onConfirm={() => void changing.act(() => fleetApi.leave(driver.id))}
                        />
                      </span>
                    ),
                },
              ]
            : []),
        ]}
      />
      {drivers.hasNextPage && (
        <Button loading={drivers.isFetchingNextPage} onClick={() => void drivers.fetchNextPage()}>
          {t('fleet.more')}
        </Button>
      )}
    </>
  );
}

/** Choosing the vehicle is the act: one press of Enter. */
function TakeOver({ driver, onBack }: { driver: DriverView; onBack(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { act, problem } = useAct('fleet');
  const found = useFoundVehicles(text, true);
  useBack(onBack);
  const choices = useMemo(
    () =>
      (found.data?.vehicles ?? []).map((one) => ({
        id: one.id,
        content: (
          <span className="place-choice">
            <strong>{one.plate}</strong>
            <span className="note-text">{one.name}</span>
          </span>
        ),
      })),
    [found.data],
  );
  return (
    <div className="admin-form">
      <h3>{t('fleet.takeOverOf', { name: driver.name })}</h3>
      <div className="admin-fields">
        <Combobox
          label={t('fleet.forVehicle')}
          value={text}
          placeholder={t('fleet.searchVehicles')}
          choices={choices}
          note={text.trim() === '' ? null : t('fleet.noVehicles')}
          testId="take-vehicle"
          choiceTestId="take-choice"
          maxLength={20}
          isAsked
          onText={setText}
          onPick={async (id) => {
            if ((await act(() => fleetApi.takeOver(driver.id, id))) !== null) {
              onBack();
            }
          }}
        />
      </div>
      {problem !== null && <Failure failure={problem} />}
      <Button onClick={onBack}>
        {t('fleet.back')} <kbd>Esc</kbd>
      </Button>
    </div>
  );
}
