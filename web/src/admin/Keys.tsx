import { Checkbox, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../shell/Field';
import { formatDate } from '../shell/formats';
import { language } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { type ApiKeyView, admin } from './api';
import { nameOf } from './People';
import { AddForm, Choice, ConfirmButton, Secret, TextInput } from './parts';
import { useAct, useDepartments, useKeys } from './useAdmin';

const rolesOfKeys = ['department', 'dispatcher'] as const;
type RoleOfKey = (typeof rolesOfKeys)[number];
const fields = ['name', 'department', 'role', 'days', 'scopes'] as const;
const knownScopes = ['map', 'places', 'roads', 'closures', 'positions', 'board', 'incidents', 'telephony'] as const;
type Scope = (typeof knownScopes)[number];
const blank = { name: '', department: '', role: 'department' as RoleOfKey, days: '365', scopes: ['map'] };

const day = (time: string) => formatDate(Date.parse(time));

/** The keys of departments' programs. A key is shown once, when it is made. */
export function Keys() {
  const { t } = useTranslation();
  const keys = useKeys();
  const departments = useDepartments().data?.departments ?? [];
  const adding = useAct();
  const revoking = useAct();
  const [wish, setWish] = useState(blank);
  const [issued, setIssued] = useState<{ name: string; secret: string } | null>(null);
  const department = wish.department || (departments[0]?.code ?? '');
  const change = (part: Partial<typeof blank>) => setWish({ ...wish, ...part });
  const scopeName = (scope: string) => (knownScopes.includes(scope as Scope) ? t(`admin.scopes.${scope as Scope}`) : scope);

  const create = async () => {
    const made = await adding.act(() => admin.addKey({ ...wish, department, days: Number(wish.days) }));
    if (made) {
      setIssued({ name: made.key.name, secret: made.secret });
      setWish({ ...blank, department });
    }
  };

  return (
    <section data-testid="admin-keys">
      <AddForm
        label={t('admin.newKey')}
        submit={t('admin.create')}
        testId="add-key"
        isSending={adding.isSending}
        problem={adding.otherThan(fields)}
        onSubmit={() => void create()}
      >
        <Field name="keyName" label={t('admin.keyName')} fault={adding.faultOf('name')}>
          <TextInput
            id="keyName"
            value={wish.name}
            maxLength={60}
            placeholder={t('admin.keyNameHint')}
            isFaulty={adding.faultOf('name') !== null}
            onText={(name) => change({ name })}
          />
        </Field>
        <Field name="keyDepartment" label={t('admin.department')} isRequired fault={adding.faultOf('department')}>
          <Choice
            id="keyDepartment"
            value={department}
            options={departments.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn }))}
            isFaulty={adding.faultOf('department') !== null}
            onPick={(code) => change({ department: code })}
          />
        </Field>
        <Field name="keyRole" label={t('admin.role')} isRequired fault={adding.faultOf('role')}>
          <Choice
            id="keyRole"
            value={wish.role}
            options={rolesOfKeys.map((role) => ({ value: role, label: t(`session.roles.${role}`) }))}
            isFaulty={adding.faultOf('role') !== null}
            onPick={(role) => change({ role: role as RoleOfKey })}
          />
        </Field>
        <Field name="days" label={t('admin.days')} isRequired fault={adding.faultOf('days')}>
          <TextInput
            id="days"
            value={wish.days}
            maxLength={4}
            isFaulty={adding.faultOf('days') !== null}
            onText={(text) => change({ days: text.replace(/\D/g, '') })}
          />
        </Field>
        <Field name="scopes" label={t('admin.mayUse')} isRequired fault={adding.faultOf('scopes')}>
          <Checkbox.Group
            className="admin-scopes"
            value={wish.scopes}
            options={(keys.data?.allScopes ?? []).map((scope) => ({ value: scope, label: scopeName(scope) }))}
            onChange={(scopes) => change({ scopes })}
          />
        </Field>
      </AddForm>
      {issued && (
        <Secret
          key={issued.secret}
          title={t('admin.keyOf', { name: issued.name })}
          value={issued.secret}
          onDone={() => setIssued(null)}
        />
      )}
      {revoking.problem !== null && <Failure failure={revoking.problem} />}
      {keys.isError && <Failure failure={keys.error} onRetry={() => void keys.refetch()} />}
      <Table<ApiKeyView>
        rowKey="id"
        size="small"
        pagination={false}
        loading={keys.isPending}
        dataSource={keys.data?.keys ?? []}
        locale={{ emptyText: t('admin.noKeys') }}
        onRow={({ id, state }) => ({ 'data-testid': 'key-row', 'data-key-id': id, 'data-state': state }) as object}
        columns={[
          { title: t('admin.keyName'), dataIndex: 'name' },
          { title: t('admin.department'), dataIndex: 'department', render: (code: string) => nameOf(departments, code) },
          { title: t('admin.role'), dataIndex: 'role', render: (role: RoleOfKey) => t(`session.roles.${role}`) },
          { title: t('admin.mayUse'), dataIndex: 'scopes', render: (scopes: string[]) => scopes.map(scopeName).join(', ') },
          { title: t('admin.made'), className: 'number', render: (_, key) => `${day(key.createdAt)} ${key.createdBy}` },
          { title: t('admin.expires'), className: 'number', render: (_, key) => day(key.expiresAt) },
          { title: t('admin.lastUsed'), className: 'number', render: (_, key) => key.lastUsedOn ?? t('admin.never') },
          {
            title: t('admin.state'),
            dataIndex: 'state',
            render: (state: ApiKeyView['state']) => (
              <span className={state === 'active' ? '' : 'mark'}>{t(`admin.keyStates.${state}`)}</span>
            ),
          },
          {
            title: t('admin.acts'),
            render: (_, key) =>
              key.state === 'active' && (
                <ConfirmButton
                  text={t('admin.revoke')}
                  confirm={t('admin.confirmRevoke')}
                  testId="revoke"
                  isDisabled={revoking.isSending}
                  onConfirm={() => void revoking.act(() => admin.revokeKey(key.id))}
                />
              ),
          },
        ]}
      />
    </section>
  );
}
