import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../shell/Field';
import { Failure } from '../shell/Pane';
import { admin, type Department } from './api';
import { AddForm, TextInput } from './parts';
import { useAct, useClosingDepartments, useDepartments } from './useAdmin';

const fields = ['code', 'name', 'nameEn'] as const;
const blank: Department = { code: '', name: '', nameEn: '' };

export function Departments() {
  const { t } = useTranslation();
  const departments = useDepartments();
  const closing = useClosingDepartments();
  const allowing = useAct();
  const { act, isSending, faultOf, otherThan } = useAct();
  const [wish, setWish] = useState(blank);
  const create = async () => {
    if (await act(() => admin.addDepartment(wish))) {
      setWish(blank);
    }
  };
  return (
    <section data-testid="admin-departments">
      <AddForm
        label={t('admin.newDepartment')}
        submit={t('admin.create')}
        testId="add-department"
        isSending={isSending}
        problem={otherThan(fields)}
        onSubmit={() => void create()}
      >
        {fields.map((name) => (
          <Field key={name} name={name} label={t(`admin.departmentFields.${name}`)} isRequired fault={faultOf(name)}>
            <TextInput
              id={name}
              value={wish[name]}
              maxLength={name === 'code' ? 32 : 60}
              isFaulty={faultOf(name) !== null}
              onText={(text) => setWish({ ...wish, [name]: text })}
            />
          </Field>
        ))}
      </AddForm>
      {allowing.problem !== null && <Failure failure={allowing.problem} />}
      {departments.isError && <Failure failure={departments.error} onRetry={() => void departments.refetch()} />}
      <Table<Department>
        rowKey="code"
        size="small"
        pagination={false}
        loading={departments.isPending}
        dataSource={departments.data?.departments ?? []}
        locale={{ emptyText: t('admin.noDepartments') }}
        onRow={({ code }) => ({ 'data-testid': 'department-row', 'data-code': code }) as object}
        columns={[
          { title: t('admin.departmentFields.code'), dataIndex: 'code', className: 'number' },
          { title: t('admin.departmentFields.name'), dataIndex: 'name' },
          { title: t('admin.departmentFields.nameEn'), dataIndex: 'nameEn' },
          {
            title: t('admin.closes'),
            render: (_, { code }) => {
              const isAllowed = closing.data?.departments.some((other) => other.code === code) ?? false;
              return (
                <span className="admin-acts">
                  <span className="mark">{t(isAllowed ? 'admin.mayClose' : 'admin.mayNotClose')}</span>
                  <Button
                    disabled={!closing.isSuccess || allowing.isSending}
                    onClick={() => void allowing.act(() => admin.allowClosing(code, !isAllowed))}
                    data-testid="allow-closing"
                  >
                    {t(isAllowed ? 'admin.disallow' : 'admin.allow')}
                  </Button>
                </span>
              );
            },
          },
        ]}
      />
    </section>
  );
}
