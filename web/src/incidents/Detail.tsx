import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail, Milestone } from '../api/contract';
import { server } from '../api/server';
import { JoinedCalls } from '../calls/JoinedCalls';
import { inHand } from '../hospital/summary';
import { useAction, useBack } from '../shell/actions';
import { type Act, desk, focusPane, useDesk } from '../shell/desk';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Pane, Skeleton } from '../shell/Pane';
import { Since } from '../shell/Signs';
import { Agencies } from './Agencies';
import { AssignmentRow } from './AssignmentRow';
import { incidentApi } from './api';
import { Attachments, Links, Todos } from './Besides';
import { correctable } from './corrections';
import { DetailActs } from './DetailActs';
import { DetailTop, Facts } from './Facts';
import { mayRecall, milestonesAfter, nextMilestone, otherMilestone } from './milestones';
import { OpenAct, type Send } from './OpenAct';
import { Proposal } from './Proposals';
import { Timeline } from './Timeline';
import { useBoard, useCommand, useIncident } from './useBoard';
import { Way } from './Way';
import './parts.css';

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
      aside={
        incident.data && (
          <>
            <IncidentTimer incident={incident.data} />
            <Widen />
          </>
        )
      }
    >
      {incidentId === null && <Empty>{t('detail.none')}</Empty>}
      {incidentId !== null && incident.isPending && <Skeleton rows={5} />}
      {incident.isError && <Failure failure={incident.error} onRetry={() => void incident.refetch()} />}
      {incident.data && <Whole key={incident.data.id} incident={incident.data} />}
    </Pane>
  );
}

/** Facts, timeline and units side by side, in the map's room. */
function Widen() {
  const { t } = useTranslation();
  const isWide = useDesk((state) => state.isWide);
  const turn = () => useDesk.setState({ isWide: !isWide });
  useAction('wide', turn);
  useBack(isWide ? turn : null);
  return (
    <button type="button" className="link" onClick={turn} data-testid="widen">
      {t(isWide ? 'parts.narrow' : 'parts.wide')} <kbd>{keyLabel('wide')}</kbd>
    </button>
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

function Whole({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation();
  const { send, isSending, problem } = useCommand();
  const unitId = useDesk((state) => state.unitId);
  const [about, setAbout] = useState<string | null>(null);
  const board = useBoard().data;
  const isOpen = incident.status !== 'closed';
  const current = inHand(incident.assignments, unitId);
  const contradictions = new Map(
    (board?.contradictions ?? []).map(({ assignmentId, contradiction }) => [assignmentId, contradiction]),
  );

  const done: Send = async (command, after) => {
    const { act: asked } = useDesk.getState();
    const answer = await send(command);
    if (answer) {
      // Another panel may have been opened since: the change can be seen before its answer is here.
      if (useDesk.getState().act === asked) {
        desk.show(null);
      }
      after?.(answer);
      // The panel that had the focus is gone: the pane keeps it.
      if (document.activeElement === document.body) {
        focusPane('detail');
      }
    }
  };
  const open = (act: Act, of: string | null = null) => {
    setAbout(of);
    desk.show(act);
  };
  // Of a line that may be pressed while something is typed in a panel: that stays open.
  const beside = (command: () => Promise<IncidentDetail>) => void send(command);
  const record = (assignment: AssignmentView, milestone: Milestone) => {
    desk.selectUnit(assignment.unitId);
    if (milestone === 'leftScene') {
      open('hospital');
    } else {
      void done(() => server.recordMilestone(assignment.id, milestone, null));
    }
  };
  // The key that opened a panel of one of several goes on to the next of them.
  const openNext = (act: Act, ids: readonly string[]) =>
    open(act, ids[(useDesk.getState().act === act ? ids.indexOf(about ?? '') + 1 : 0) % ids.length] ?? null);
  const openFor = (assignment: AssignmentView, act: Act) => {
    desk.selectUnit(assignment.unitId);
    open(act);
  };
  const next = current && nextMilestone(current.status);
  const other = current && otherMilestone(current.status);
  const mayChoose = current !== null && milestonesAfter(current.status).includes('leftScene');

  useAction('recall', current && mayRecall(current.status) ? () => open('recall') : null);
  useAction('divert', current && mayRecall(current.status) ? () => open('divert') : null);
  useAction('relieve', current ? () => open('relieve') : null);
  useAction('status', current && next && !isSending ? () => record(current, next) : null);
  useAction('otherStatus', current && other && !isSending ? () => record(current, other) : null);
  useAction('hospital', mayChoose ? () => open('hospital') : null);
  const lines = incident.timeline.filter(correctable).map(({ version }) => String(version));
  useAction('correct', lines.length > 0 ? () => openNext('correct', lines.toReversed()) : null);
  const links = incident.links.map(({ id }) => id);
  useAction('unlink', links.length > 0 ? () => openNext('unlink', links) : null);

  return (
    <>
      <DetailTop incident={incident}>
        {current && (
          <Proposal
            assignments={board?.incidents.find(({ id }) => id === incident.id)?.assignments ?? incident.assignments}
            currentId={current.id}
            isSending={isSending}
            onDecide={(proposalId, what) => beside(() => incidentApi.decideProposal(proposalId, what))}
          />
        )}
      </DetailTop>
      <DetailActs incident={incident} isSending={isSending} onOpen={open} done={done} />
      {problem !== null && <Failure failure={problem} />}
      <OpenAct incident={incident} current={current} about={about} mayChoose={mayChoose} isSending={isSending} done={done} />
      <div className="detail-parts">
        <div className="detail-units">
          {incident.assignments.length === 0 && isOpen && <Empty>{t('detail.noUnits')}</Empty>}
          <ul className="assignments" aria-label={t('detail.units')}>
            {incident.assignments.map((assignment) => (
              <AssignmentRow
                key={assignment.id}
                assignment={assignment}
                contradiction={contradictions.get(assignment.id) ?? null}
                isCurrent={assignment.id === current?.id}
                isSending={isSending}
                onSelect={() => desk.selectUnit(assignment.unitId)}
                onMilestone={(milestone) => record(assignment, milestone)}
                onAct={(act) => openFor(assignment, act)}
              />
            ))}
          </ul>
          {isOpen && <Way />}
          <Agencies
            incident={incident}
            isSending={isSending}
            onAdd={() => open('addAgency')}
            onSays={(agency, status) => beside(() => incidentApi.agencySays(incident.id, agency, status, null))}
            onOther={(agency) => open('agency', agency)}
          />
        </div>
        <div className="detail-besides">
          <Facts incident={incident} />
          <Todos
            incident={incident}
            isSending={isSending}
            onAdd={() => open('todo')}
            onDone={(todoId) => beside(() => incidentApi.doTodo(incident.id, todoId))}
          />
          <Links
            incident={incident}
            isSending={isSending}
            onAdd={() => open('link')}
            onRemove={(otherId) => open('unlink', otherId)}
          />
          <Attachments
            incident={incident}
            isSending={isSending}
            onFile={(file) => beside(() => incidentApi.attach(incident.id, file))}
          />
        </div>
        <div className="detail-timeline">
          <JoinedCalls incident={incident} />
          <Timeline entries={incident.timeline} onCorrect={({ version }) => open('correct', String(version))} />
        </div>
      </div>
    </>
  );
}
