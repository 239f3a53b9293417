import { Button, Input, Table } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../shell/Field';
import { formatTime } from '../shell/formats';
import { language } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import { type AccountView, admin } from './api';
import { AddForm, Choice, ConfirmButton, Secret, TextInput } from './parts';
import { blankRole, type Role, type RoleDraft, RoleFields, roleFields, useRoles } from './RoleFields';
import { useAccounts, useAct, useDepartments } from './useAdmin';

const fields = ['userName', 'displayName', 'department', ...roleFields] as const;
const blank = { userName: '', displayName: '', department: '', ...blankRole };

/** Who may sign in. A new password is made by the server and shown once. */
export function People() {
  const { t } = useTranslation();
  const accounts = useAccounts();
  const departments = useDepartments().data?.departments ?? [];
  const { wishOf, belongsTo } = useRoles();
  const adding = useAct();
  const changing = useAct();
  const [wish, setWish] = useState(blank);
  const [issued, setIssued] = useState<{ userName: string; password: string } | null>(null);
  const [text, setText] = useState('');
  const [changed, setChanged] = useState<{ account: AccountView; draft: RoleDraft } | null>(null);
  const department = wish.department || (departments[0]?.code ?? '');

  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (accounts.data?.accounts ?? []).filter(
      ({ userName, displayName }) => userName.toLowerCase().includes(wanted) || displayName.toLowerCase().includes(wanted),
    );
  }, [accounts.data, text]);

  const create = async () => {
    const made = await adding.act(() =>
      admin.addAccount({
        userName: wish.userName.trim(),
        displayName: wish.displayName.trim(),
        department,
        ...wishOf(wish),
      }),
    );
    if (made) {
      setIssued({ userName: made.account.userName, password: made.password });
      setWish({ ...blank, role: wish.role, department });
    }
  };
  const reset = async (account: AccountView) => {
    const made = await changing.act(() => admin.reset(account.id));
    if (made) {
      setIssued({ userName: account.userName, password: made.password });
    }
  };
  const setRole = async () => {
    if (changed && (await changing.act(() => admin.setRole(changed.account.id, wishOf(changed.draft))))) {
      setChanged(null);
    }
  };
  // The form stands above the list, which may be long: who asked for it is taken there.
  const changedId = changed?.account.id;
  useEffect(() => {
    if (changedId) {
      document.getElementById('field-changed-role')?.focus();
    }
  }, [changedId]);
  const change = (part: Partial<typeof blank>) => setWish({ ...wish, ...part });

  return (
    <section data-testid="admin-people">
      <AddForm
        label={t('admin.newPerson')}
        submit={t('admin.create')}
        testId="add-person"
        isSending={adding.isSending}
        problem={adding.otherThan(fields)}
        onSubmit={() => void create()}
      >
        <Field name="userName" label={t('admin.userName')} isRequired fault={adding.faultOf('userName')}>
          <TextInput
            id="userName"
            value={wish.userName}
            maxLength={64}
            isFaulty={adding.faultOf('userName') !== null}
            onText={(userName) => change({ userName })}
          />
        </Field>
        <Field name="displayName" label={t('admin.displayName')} isRequired fault={adding.faultOf('displayName')}>
          <TextInput
            id="displayName"
            value={wish.displayName}
            maxLength={60}
            isFaulty={adding.faultOf('displayName') !== null}
            onText={(displayName) => change({ displayName })}
          />
        </Field>
        <RoleFields draft={wish} faultOf={adding.faultOf} onChange={change} />
        <Field name="department" label={t('admin.department')} isRequired fault={adding.faultOf('department')}>
          <Choice
            id="department"
            value={department}
            options={departments.map(({ code, name, nameEn }) => ({ value: code, label: language() === 'zh' ? name : nameEn }))}
            isFaulty={adding.faultOf('department') !== null}
            onPick={(code) => change({ department: code })}
          />
        </Field>
      </AddForm>
      {issued && (
        <Secret
          key={issued.password}
          title={t('admin.passwordOf', { name: issued.userName })}
          value={issued.password}
          onDone={() => setIssued(null)}
        />
      )}
      {changed && (
        <AddForm
          label={t('admin.roleOf', { name: changed.account.userName })}
          submit={t('admin.changeRole')}
          testId="change-role"
          isSending={changing.isSending}
          problem={changing.otherThan(roleFields)}
          onSubmit={() => void setRole()}
        >
          <RoleFields
            prefix="changed-"
            draft={changed.draft}
            faultOf={changing.faultOf}
            onChange={(part) => setChanged({ ...changed, draft: { ...changed.draft, ...part } })}
          />
        </AddForm>
      )}
      {!changed && changing.problem !== null && <Failure failure={changing.problem} />}
      {accounts.isError && <Failure failure={accounts.error} onRetry={() => void accounts.refetch()} />}
      <div className="admin-list-head">
        <h3>
          {t('admin.people')} <span className="number">{shown.length}</span>
        </h3>
        <Input
          value={text}
          placeholder={t('admin.filter')}
          aria-label={t('admin.filter')}
          onChange={(event) => setText(event.target.value)}
          data-testid="filter-people"
        />
      </div>
      <Table<AccountView>
        rowKey="id"
        size="small"
        pagination={false}
        loading={accounts.isPending}
        dataSource={shown}
        locale={{ emptyText: t('admin.noPeople') }}
        onRow={({ userName, locked }) =>
          ({ 'data-testid': 'person-row', 'data-user-name': userName, 'data-locked': locked }) as object
        }
        columns={[
          { title: t('admin.userName'), dataIndex: 'userName', className: 'number' },
          { title: t('admin.displayName'), dataIndex: 'displayName' },
          { title: t('admin.role'), dataIndex: 'role', render: (role: Role) => t(`session.roles.${role}`) },
          {
            title: t('admin.department'),
            dataIndex: 'department',
            render: (code: string) => nameOf(departments, code),
          },
          {
            title: t('admin.belongsTo'),
            className: 'number',
            render: (_, account) => belongsTo(account),
          },
          {
            title: t('admin.state'),
            render: (_, { locked, pausedUntil }) =>
              locked ? (
                <span className="mark mark-warn">{t('admin.locked')}</span>
              ) : pausedUntil ? (
                <span className="mark">{t('admin.pausedUntil', { time: formatTime(pausedUntil) })}</span>
              ) : (
                t('admin.mayEnter')
              ),
          },
          {
            title: t('admin.acts'),
            render: (_, account) => (
              <span className="admin-acts">
                <Button
                  disabled={changing.isSending}
                  onClick={() => setChanged({ account, draft: { ...blankRole, role: account.role as Role } })}
                  data-testid="role"
                >
                  {t('admin.changeRole')}
                </Button>
                <ConfirmButton
                  text={t('admin.reset')}
                  confirm={t('admin.confirmReset')}
                  testId="reset"
                  isDisabled={changing.isSending}
                  onConfirm={() => void reset(account)}
                />
                {account.locked || account.pausedUntil ? (
                  <ConfirmButton
                    text={t('admin.unlock')}
                    confirm={t('admin.confirmUnlock')}
                    testId="unlock"
                    isDisabled={changing.isSending}
                    onConfirm={() => void changing.act(() => admin.unlock(account.id))}
                  />
                ) : (
                  <ConfirmButton
                    text={t('admin.lock')}
                    confirm={t('admin.confirmLock')}
                    testId="lock"
                    isDisabled={changing.isSending}
                    onConfirm={() => void changing.act(() => admin.lock(account.id))}
                  />
                )}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

export function nameOf(departments: readonly { code: string; name: string; nameEn: string }[], code: string): string {
  const found = departments.find((department) => department.code === code);
  return found ? (language() === 'zh' ? found.name : found.nameEn) : code;
}
