import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail, Milestone } from '../api/contract';
import { server } from '../api/server';
import { JoinedCalls } from '../calls/JoinedCalls';
import { offerUndoOfPriority } from '../command/undo';
import { locateOnMap } from '../map/control';
import { useAction } from '../shell/actions';
import { desk, focusPane, useDesk } from '../shell/desk';
import { formatTime } from '../shell/formats';
import { formatPoint } from '../shell/geo';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { Diamond, Since } from '../shell/Signs';
import { CloseAct, DivertAct, HospitalAct, NoteAct, PriorityAct, RecallAct } from './Acts';
import { AssignmentRow } from './AssignmentRow';
import { mayRecall, milestonesAfter, nextMilestone, otherMilestone } from './milestones';
import { Timeline } from './Timeline';
import { useBoard, useCommand, useIncident } from './useBoard';
import { Way } from './Way';

/** What happened, and what comes next. */
export function Detail() {
  const { t } = useTranslation();
  const incidentId = useDesk((state) => state.incidentId);
  const incident = useIncident(incidentId);
  const { refetch } = incident;
  const newest = useBoard().data?.incidents.find(({ id }) => id === incidentId)?.version ?? 0;
  const known = incident.data?.version ?? newest;
  // The board may learn of a change that no hint told of.
  useEffect(() => {
    if (newest > known) {
      void refetch();
    }
  }, [newest, known, refetch]);
  return (
    <Pane
      name="detail"
      title={t('pane.detail')}
      keyHint={keyLabel('paneDetail')}
      testId="detail"
      isFetching={incident.isFetching}
      aside={incident.data && <IncidentTimer incident={incident.data} />}
    >
      {incidentId === null && <Empty>{t('detail.none')}</Empty>}
      {incidentId !== null && incident.isPending && <Skeleton rows={5} />}
      {incident.isError && <Failure failure={incident.error} onRetry={() => void incident.refetch()} />}
      {incident.data && <Facts key={incident.data.id} incident={incident.data} />}
    </Pane>
  );
}

function IncidentTimer({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation();
  return incident.closedAt ? (
    <span className="note-text number">
      {t('list.closedNow')} {formatTime(incident.closedAt)}
    </span>
  ) : (
    <>
      <span className="note-text number">
        {t('detail.received')} {formatTime(incident.receivedAt)}
      </span>
      <Since time={incident.receivedAt} />
    </>
  );
}

function Facts({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation();
  const { send, isSending, problem } = useCommand();
  const act = useDesk((state) => state.act);
  const unitId = useDesk((state) => state.unitId);
  const isOpen = incident.status !== 'closed';
  const active = incident.assignments.filter((assignment) => assignment.active);
  const current = active.find((assignment) => assignment.unitId === unitId) ?? active[0] ?? null;
  const place = incident.place;
  const others = useBoard().data?.incidents.filter(({ id, status }) => id !== incident.id && status !== 'closed') ?? [];

  const done = async (command: () => Promise<IncidentDetail>, after?: (answer: IncidentDetail) => void) => {
    const answer = await send(command);
    if (answer) {
      desk.show(null);
      after?.(answer);
      // The panel that had the focus is gone: the pane keeps it.
      if (document.activeElement === document.body) {
        focusPane('detail');
      }
    }
  };
  const toggle = (name: NonNullable<typeof act>) => desk.show(name);
  const record = (assignment: AssignmentView, milestone: Milestone) => {
    desk.selectUnit(assignment.unitId);
    if (milestone === 'leftScene') {
      toggle('hospital');
    } else {
      void done(() => server.recordMilestone(assignment.id, milestone, null));
    }
  };
  const next = current && nextMilestone(current.status);
  const other = current && otherMilestone(current.status);
  const mayChoose = current !== null && milestonesAfter(current.status).includes('leftScene');

  useAction('note', () => toggle('note'));
  useAction('priority', isOpen ? () => toggle('priority') : null);
  useAction('close', isOpen ? () => toggle('close') : null);
  useAction('readBack', isOpen && !place.readBack && !isSending ? () => void done(() => server.readBack(incident.id)) : null);
  useAction('locate', () => locateOnMap([place.lon, place.lat]));
  useAction('recall', current && mayRecall(current.status) ? () => toggle('recall') : null);
  useAction('divert', current && mayRecall(current.status) ? () => toggle('divert') : null);
  useAction('status', current && next && !isSending ? () => record(current, next) : null);
  useAction('otherStatus', current && other && !isSending ? () => record(current, other) : null);
  useAction('hospital', mayChoose ? () => toggle('hospital') : null);

  return (
    <>
      <div className="detail-top">
        <div className="detail-head">
          <Diamond priority={incident.priority} isClosed={!isOpen} />
          <strong className="detail-number">{incident.number}</strong>
          <span className="detail-complaint">
            <span className="number">P{incident.priority}</span> {t(`priority.p${incident.priority}`)} · {incident.complaint}
          </span>
        </div>
        <div className="detail-address">
          <span>{place.address}</span>
          {place.detail && <span>{place.detail}</span>}
          {place.callerWords && <span data-testid="caller-words">{t('form.callerWords', { words: place.callerWords })}</span>}
          <span className={place.readBack ? 'mark mark-good' : 'mark'}>
            {t(place.readBack ? 'list.readBack' : 'list.notReadBack')}
          </span>
        </div>
      </div>
      <dl className="facts">
        <Fact name={t('detail.callback')} value={incident.callbackNumber} />
        <Fact name={t('detail.caller')} value={incident.callerName} />
        <Fact name={t('detail.openedBy')} value={`${incident.openedBy} ${formatTime(incident.openedAt)}`} />
        {place.foundBy && <Fact name={t('detail.foundBy')} value={t(`detail.ways.${place.foundBy}`)} />}
        <Fact name={t('detail.point')} value={formatPoint([place.lon, place.lat])} />
        {incident.disposition && <Fact name={t('detail.disposition')} value={t(`dispositions.${incident.disposition}`)} />}
      </dl>
      <div className="detail-acts">
        <ActButton text={t('detail.note')} action="note" testId="note" onClick={() => toggle('note')} />
        {isOpen && (
          <ActButton text={t('detail.priority')} action="priority" testId="priority" onClick={() => toggle('priority')} />
        )}
        {isOpen && !place.readBack && (
          <ActButton
            text={t('detail.readBack')}
            action="readBack"
            testId="read-back"
            onClick={() => void done(() => server.readBack(incident.id))}
          />
        )}
        <ActButton
          text={t('detail.locate')}
          action="locate"
          testId="locate"
          onClick={() => locateOnMap([place.lon, place.lat])}
        />
        {isOpen && <ActButton text={t('detail.close')} action="close" testId="close-incident" onClick={() => toggle('close')} />}
      </div>
      {problem !== null && <Failure failure={problem} />}
      {act === 'note' && <NoteAct isSending={isSending} onNote={(text) => void done(() => server.addNote(incident.id, text))} />}
      {act === 'priority' && isOpen && (
        <PriorityAct
          isSending={isSending}
          incident={incident}
          onPriority={(priority) =>
            void done(
              () => server.changePriority(incident.id, priority),
              (answer) => offerUndoOfPriority(answer, incident.priority),
            )
          }
        />
      )}
      {act === 'recall' && current && mayRecall(current.status) && (
        <RecallAct
          isSending={isSending}
          assignment={current}
          onRecall={(reason) => {
            void done(
              () => server.cancelAssignment(current.id, reason),
              () => desk.selectUnit(null),
            );
          }}
        />
      )}
      {act === 'divert' && current && mayRecall(current.status) && (
        <DivertAct
          isSending={isSending}
          assignment={current}
          others={others}
          onDivert={(toIncidentId, reason) => {
            void done(
              async () => (await server.divert(current.id, toIncidentId, reason)).to,
              (to) => {
                desk.selectIncident(to.id);
                desk.selectUnit(current.unitId);
              },
            );
          }}
        />
      )}
      {act === 'hospital' && current && mayChoose && (
        <HospitalAct
          isSending={isSending}
          incident={incident}
          assignment={current}
          onHospital={(destinationId) => void done(() => server.recordMilestone(current.id, 'leftScene', destinationId))}
        />
      )}
      {act === 'close' && isOpen && (
        <CloseAct
          isSending={isSending}
          incident={incident}
          onClose={(disposition, note) => void done(() => server.close(incident.id, disposition, note))}
        />
      )}
      {incident.assignments.length === 0 && isOpen && <Empty>{t('detail.noUnits')}</Empty>}
      <ul className="assignments" aria-label={t('detail.units')}>
        {incident.assignments.map((assignment) => (
          <AssignmentRow
            key={assignment.id}
            assignment={assignment}
            isCurrent={assignment.id === current?.id}
            isSending={isSending}
            onSelect={() => desk.selectUnit(assignment.unitId)}
            onMilestone={(milestone) => record(assignment, milestone)}
            onDivert={() => {
              desk.selectUnit(assignment.unitId);
              toggle('divert');
            }}
            onRecall={() => {
              desk.selectUnit(assignment.unitId);
              toggle('recall');
            }}
          />
        ))}
      </ul>
      {isOpen && <Way />}
      <JoinedCalls incident={incident} />
      <Timeline entries={incident.timeline} />
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: string | null }) =>
  value ? (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  ) : null;

interface ActButtonProps {
  text: string;
  action: Parameters<typeof keyLabel>[0];
  testId: string;
  onClick(): void;
}

const ActButton = ({ text, action, testId, onClick }: ActButtonProps) => (
  <Button onClick={onClick} data-testid={testId}>
    {text} <kbd>{keyLabel(action)}</kbd>
  </Button>
);
