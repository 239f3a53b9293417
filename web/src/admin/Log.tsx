import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatDate, formatTime } from '../shell/formats';
import { Failure } from '../shell/Pane';
import { admin, type LogEntry } from './api';

const knownActions = [
  'account.created',
  'account.reset',
  'account.locked',
  'account.unlocked',
  'account.role_changed',
  'account.password_changed',
  'department.created',
  'key.created',
  'key.revoked',
  'terminal.approved',
  'terminal.refused',
  'terminal.key_issued',
  'vehicle.changed',
  'driver.entered',
  'driver.changed',
  'driver.left',
  'track.uploaded',
  'agency.saved',
  'capability.saved',
  'incident_type.saved',
  'priority.saved',
  'run_card.saved',
  'run_card.deleted',
] as const;
type Action = (typeof knownActions)[number];
const textKey = (action: Action) => action.replace('.', '_') as 'account_created';

const saidOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(saidOf).join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** What administrators did, the newest first. Nothing in it can be changed. */
export function Log() {
  const { t } = useTranslation();
  const log = useInfiniteQuery({
    queryKey: ['admin', 'log'],
    queryFn: ({ pageParam }) => admin.log(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: ({ entries }) => (entries.length === 100 ? (entries.at(-1)?.id ?? null) : null),
  });
  return (
    <section data-testid="admin-log">
      {log.isError && <Failure failure={log.error} onRetry={() => void log.refetch()} />}
      <Table<LogEntry>
        rowKey="id"
        size="small"
        pagination={false}
        loading={log.isPending}
        dataSource={log.data?.pages.flatMap(({ entries }) => entries) ?? []}
        locale={{ emptyText: t('admin.noLog') }}
        onRow={({ action }) => ({ 'data-testid': 'log-row', 'data-action': action }) as object}
        columns={[
          { title: t('admin.at'), className: 'number', render: (_, { at }) => `${formatDate(Date.parse(at))} ${formatTime(at)}` },
          { title: t('admin.by'), dataIndex: 'by', className: 'number' },
          {
            title: t('admin.what'),
            dataIndex: 'action',
            render: (action: Action) => (knownActions.includes(action) ? t(`admin.actions.${textKey(action)}`) : action),
          },
          { title: t('admin.whom'), dataIndex: 'subjectName', className: 'number' },
          {
            title: t('admin.detail'),
            className: 'number',
            render: (_, { detail }) =>
              Object.entries(detail)
                .filter(([, value]) => value !== null)
                .map(([name, value]) => `${name}: ${saidOf(value)}`)
                .join(' · '),
          },
        ]}
      />
      {log.hasNextPage && (
        <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()} data-testid="log-more">
          {t('admin.older')}
        </Button>
      )}
    </section>
  );
}
