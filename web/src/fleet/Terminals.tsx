import { Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton, Secret } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import type { SessionView } from '../api/contract';
import { useNowSeconds } from '../shell/clock';
import { desk } from '../shell/desk';
import { formatAge } from '../shell/formats';
import { Failure } from '../shell/Pane';
import { ApproveForm } from './ApproveForm';
import { fleetApi, type TerminalView } from './api';
import { departmentName, useFleets, useTerminals } from './useFleet';

/** Which terminals there are: first those that wait for an administrator, then those that are known. */
export function Terminals({ who, onShowVehicle }: { who: SessionView; onShowVehicle(): void }) {
  const { t } = useTranslation();
  const decides = who.roles.includes('administrator');
  const seesWaiting = decides || who.roles.includes('dispatcher');
  const [approving, setApproving] = useState<TerminalView | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [issued, setIssued] = useState<{ terminal: string; key: string } | null>(null);
  const act = useAct('fleet');
  const waiting = useTerminals('waiting', seesWaiting);
  const approved = useTerminals('approved');
  const refused = useTerminals('refused', seesWaiting);
  const rowsOf = (list: typeof waiting) => list.data?.pages.flatMap((page) => page.terminals) ?? [];
  const refuse = (terminal: TerminalView) => (
    <ConfirmButton
      text={t('fleet.refuse')}
      confirm={t('fleet.confirmRefuse')}
      testId="refuse"
      isDisabled={act.isSending}
      onConfirm={() => void act.act(() => fleetApi.refuse(terminal))}
    />
  );
  const issueKey = async (terminal: TerminalView) => {
    const made = await act.act(() => fleetApi.issueKey(terminal));
    if (made) {
      setIssued({ terminal: terminal.terminal, key: made.key });
    }
  };

  return (
    <>
      {done && (
        <p className="done" role="status" data-testid="approved">
          {done}
        </p>
      )}
      {issued && <Secret key={issued.key} title={t('fleet.keyOf', issued)} value={issued.key} onDone={() => setIssued(null)} />}
      {act.problem !== null && <Failure failure={act.problem} />}
      {approving && (
        <ApproveForm
          key={`${approving.protocol}/${approving.terminal}`}
          terminal={approving}
          onBack={() => setApproving(null)}
          onDone={(terminal) => {
            setApproving(null);
            setDone(t('fleet.approved', { terminal: terminal.terminal, plate: terminal.plate }));
          }}
        />
      )}
      {seesWaiting && (
        <section data-testid="waiting-terminals">
          <h3>
            {t('fleet.waiting')} <span className="number">{waiting.data?.pages[0]?.waiting ?? 0}</span>
          </h3>
          <TerminalTable
            list={waiting}
            rows={rowsOf(waiting)}
            empty={t('fleet.noWaiting')}
            isWaiting
            acts={
              decides
                ? (terminal) => (
                    <>
                      <Button
                        type="primary"
                        data-testid="approve"
                        onClick={() => {
                          setDone(null);
                          setApproving(terminal);
                        }}
                      >
                        {t('fleet.approve')}
                      </Button>
                      {refuse(terminal)}
                    </>
                  )
                : undefined
            }
          />
        </section>
      )}
      <section data-testid="known-terminals">
        <h3>{t('fleet.known')}</h3>
        <TerminalTable
          list={approved}
          rows={[...rowsOf(approved), ...rowsOf(refused)]}
          empty={t('fleet.noTerminals')}
          onShowVehicle={(id) => {
            desk.selectVehicle(id);
            onShowVehicle();
          }}
          acts={
            decides
              ? (terminal) => (
                  <>
                    <Button onClick={() => setApproving(terminal)}>
                      {t(terminal.state === 'refused' ? 'fleet.approve' : 'fleet.move')}
                    </Button>
                    {terminal.state === 'approved' && terminal.protocol !== 'jt808' && (
                      <ConfirmButton
                        text={t('fleet.issueKey')}
                        confirm={t('fleet.confirmIssueKey')}
                        testId="issue-key"
                        isDisabled={act.isSending}
                        onConfirm={() => void issueKey(terminal)}
                      />
                    )}
                    {terminal.state === 'approved' && refuse(terminal)}
                  </>
                )
              : undefined
          }
        />
      </section>
    </>
  );
}

interface TableProps {
  list: ReturnType<typeof useTerminals>;
  rows: TerminalView[];
  empty: string;
  isWaiting?: boolean;
  onShowVehicle?: (vehicleId: string) => void;
  acts?: ((terminal: TerminalView) => React.ReactNode) | undefined;
}

function TerminalTable({ list, rows, empty, isWaiting, onShowVehicle, acts }: TableProps) {
  const { t } = useTranslation();
  const now = useNowSeconds();
  const fleets = useFleets().data?.fleets ?? [];
  // Whoever waits has neither.
  const known: TableColumnsType<TerminalView> = [
    {
      title: t('fleet.state'),
      dataIndex: 'state',
      render: (state: TerminalView['state']) => (
        <span className={state === 'approved' ? '' : 'mark'}>{t(`fleet.states.${state}`)}</span>
      ),
    },
    {
      title: t('fleet.vehicle'),
      className: 'number',
      render: (_, { vehicleId, plate, name }) =>
        vehicleId &&
        (onShowVehicle ? (
          <button type="button" className="link" onClick={() => onShowVehicle(vehicleId)} data-testid="show-vehicle">
            {plate} {name !== plate && name}
          </button>
        ) : (
          plate
        )),
    },
    {
      title: t('fleet.department'),
      render: (_, { department }) => departmentName(fleets, department),
    },
  ];
  return (
    <>
      {list.isError && <Failure failure={list.error} onRetry={() => void list.refetch()} />}
      <Table<TerminalView>
        rowKey={({ protocol, terminal }) => `${protocol}/${terminal}`}
        size="small"
        pagination={false}
        loading={list.isPending}
        dataSource={rows}
        locale={{ emptyText: empty }}
        onRow={({ terminal, state }) =>
          ({ 'data-testid': 'terminal-row', 'data-terminal': terminal, 'data-state': state }) as object
        }
        columns={[
          { title: t('fleet.protocol'), dataIndex: 'protocol', className: 'number' },
          { title: t('fleet.number'), dataIndex: 'terminal', className: 'number' },
          { title: t('fleet.saidPlate'), dataIndex: 'saidPlate', className: 'number said-plate' },
          ...(isWaiting ? [] : known),
          { title: t('fleet.maker'), render: (_, { maker, model }) => `${maker} ${model}`.trim() },
          { title: t('fleet.address'), dataIndex: 'remoteAddress', className: 'number' },
          {
            title: t('fleet.lastSeen'),
            className: 'number',
            render: (_, { lastSeen }) => formatAge(now - Date.parse(lastSeen) / 1000),
          },
          ...(acts
            ? [
                {
                  title: t('fleet.acts'),
                  render: (_: unknown, terminal: TerminalView) => <span className="admin-acts">{acts(terminal)}</span>,
                },
              ]
            : []),
        ]}
      />
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('fleet.more')}
        </Button>
      )}
    </>
  );
}
