import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../api/contract';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import { Diamond, Since, StateChip } from '../shell/Signs';
import { running, waiting } from './order';
import { useBoard } from './useBoard';
import { useHeldRows } from './useHeldRows';

/** 待派 or 处置中. While the pointer is over the list, no row slides under it. */
export function IncidentList({ which }: { which: 'waiting' | 'running' }) {
  const { t } = useTranslation();
  const board = useBoard();
  const incidentId = useDesk((state) => (state.formOpen ? null : state.incidentId));
  const current = useMemo(() => (which === 'waiting' ? waiting : running)(board.data?.incidents ?? []), [board.data, which]);
  const { rows, hand } = useHeldRows(current);
  useAction(which === 'waiting' ? 'paneWaiting' : 'paneRunning', () => focusPane(which));

  const open = current.filter((incident) => incident.status !== 'closed').length;
  return (
    <Pane
      name={which}
      title={t(`pane.${which}`)}
      keyHint={keyLabel(which === 'waiting' ? 'paneWaiting' : 'paneRunning')}
      count={open}
      testId={`${which}-list`}
      isFetching={board.isFetching}
    >
      {/* With rows to show, the band tells of the failure: the rows keep their place. */}
      {board.isError && !board.data && <Failure failure={board.error} onRetry={() => void board.refetch()} />}
      {board.isPending && <Skeleton rows={3} />}
      {board.data && rows.length === 0 && <Empty>{t(which === 'waiting' ? 'list.waitingEmpty' : 'list.runningEmpty')}</Empty>}
      <div {...hand}>
        <RowList
          label={t(`pane.${which}`)}
          rows={rows.map(({ row, gone }) => ({ ...row, gone }))}
          selectedId={incidentId}
          onOpen={(row) => desk.selectIncident(row.id)}
          attributes={(row) => ({
            'data-testid': row.gone ? undefined : 'incident-row',
            'data-incident-id': row.id,
            'data-number': row.number,
            'data-gone': row.gone ? 'true' : undefined,
          })}
        >
          {(row) => <IncidentRow incident={row} gone={row.gone} />}
        </RowList>
      </div>
    </Pane>
  );
}

function IncidentRow({ incident, gone }: { incident: IncidentSummary; gone: boolean }) {
  const { t } = useTranslation();
  const isClosed = incident.status === 'closed';
  return (
    <div className={`incident-row ${isClosed || gone ? 'is-past' : ''}`}>
      <Diamond priority={incident.priority} isClosed={isClosed} />
      <div className="incident-main">
        <div className="incident-line">
          <strong className="call-sign">{incident.number}</strong>
          <span className="incident-complaint">{incident.complaint}</span>
          <div className="incident-since">
            {isClosed ? (
              <span className="mark">{t('list.closedNow')}</span>
            ) : gone ? (
              <span className="mark">{t('list.gone')}</span>
            ) : null}
            {!isClosed && !gone && (
              <>
                <span className="note-text">{t('list.received')}</span>
                <Since time={incident.receivedAt} />
              </>
            )}
          </div>
        </div>
        <div className="incident-line incident-place">
          <span className="incident-address">{incident.place.address}</span>
          {!incident.place.readBack && !isClosed && <span className="mark">{t('list.notReadBack')}</span>}
        </div>
        {incident.status === 'running' && (
          <div className="incident-line incident-units">
            {incident.assignments
              .filter((assignment) => assignment.active)
              .map((assignment) => (
                <span key={assignment.id} className="incident-unit">
                  <StateChip state={assignment.status} />
                  <span className="number">{assignment.callSign}</span>
                  <Since time={assignment.since} />
                </span>
              ))}
            {!incident.assignments.some((assignment) => assignment.active) && <span className="mark">{t('list.noUnit')}</span>}
          </div>
        )}
      </div>
    </div>
  );
}
