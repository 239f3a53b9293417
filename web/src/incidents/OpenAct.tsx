import { useTranslation } from 'react-i18next';
import type { AssignmentView, IncidentDetail } from '../api/contract';
import { server } from '../api/server';
import { offerUndoOfPriority } from '../command/undo';
import { desk, useDesk } from '../shell/desk';
import { ReasonAct } from './acts/Act';
import { AddAgencyAct, AgencyAct } from './acts/AgencyActs';
import { CorrectAct } from './acts/CorrectAct';
import { HospitalAct } from './acts/HospitalAct';
import { CloseAct, LinkAct, NoteAct, PriorityAct, TodoAct } from './acts/IncidentActs';
import { DivertAct, RelieveAct } from './acts/UnitActs';
import { incidentApi } from './api';
import { mayRecall } from './milestones';
import { useBoard } from './useBoard';

/** Sends a command; on success the panel closes and what comes after it is done. */
export type Send = (command: () => Promise<IncidentDetail>, after?: (answer: IncidentDetail) => void) => Promise<void>;

interface OpenActProps {
  incident: IncidentDetail;
  /** The unit that acts are for. */
  current: AssignmentView | null;
  /** What else an act is about: an agency's code, another incident's id, the version of a line. */
  about: string | null;
  mayChoose: boolean;
  isSending: boolean;
  done: Send;
}

/** The one panel that is open, if any, and if what it is for is still possible. */
export function OpenAct({ incident, current, about, mayChoose, isSending, done }: OpenActProps) {
  const { t } = useTranslation();
  const act = useDesk((state) => state.act);
  const board = useBoard().data;
  const { id } = incident;
  const isOpen = incident.status !== 'closed';
  const others = board?.incidents.filter((other) => other.id !== id) ?? [];
  const openOthers = others.filter(({ status }) => status !== 'closed');

  if (act === 'note' || act === 'phone') {
    return (
      <NoteAct
        key={act}
        isSending={isSending}
        said={act === 'phone' && current ? t('parts.phoned', { unit: current.callSign }) : ''}
        onNote={(text) => void done(() => server.addNote(id, text))}
      />
    );
  }
  if (act === 'link') {
    const linked = new Set(incident.links.map((link) => link.id));
    return (
      <LinkAct
        isSending={isSending}
        others={others.filter((other) => !linked.has(other.id))}
        onLink={(otherId, reason) => void done(() => incidentApi.link(id, otherId, reason))}
      />
    );
  }
  if (act === 'unlink' && about) {
    const other = incident.links.find((link) => link.id === about);
    return (
      <ReasonAct
        name="unlink"
        label={t('parts.unlinkFrom', { incident: other?.number ?? '' })}
        confirm={t('parts.unlink')}
        hint={t('parts.linkWhy')}
        isSending={isSending}
        onReason={(reason) => void done(() => incidentApi.unlink(id, about, reason))}
      />
    );
  }
  const line = incident.timeline.find(({ version }) => String(version) === about);
  if (act === 'correct' && line) {
    return (
      <CorrectAct
        key={line.version}
        isSending={isSending}
        incident={incident}
        entry={line}
        onCorrect={(correction, why) => void done(() => incidentApi.correct(id, correction, why))}
      />
    );
  }
  if (act === 'reopen' && !isOpen) {
    return (
      <ReasonAct
        name="reopen"
        label={t('parts.reopenLabel')}
        confirm={t('parts.reopen')}
        hint={t('parts.reopenWhy')}
        isSending={isSending}
        onReason={(reason) => void done(() => incidentApi.reopen(id, reason))}
      />
    );
  }
  if (!isOpen) {
    return null;
  }
  if (act === 'priority') {
    return (
      <PriorityAct
        isSending={isSending}
        incident={incident}
        onPriority={(priority) =>
          void done(
            () => server.changePriority(id, priority),
            (answer) => offerUndoOfPriority(answer, incident.priority),
          )
        }
      />
    );
  }
  if (act === 'close') {
    return (
      <CloseAct
        isSending={isSending}
        incident={incident}
        onClose={(disposition, note) => void done(() => server.close(id, disposition, note))}
      />
    );
  }
  if (act === 'addAgency') {
    return (
      <AddAgencyAct
        isSending={isSending}
        involved={incident.agencies}
        onAgency={(agency) => void done(() => incidentApi.addAgency(id, agency))}
      />
    );
  }
  const agency = incident.agencies.find((known) => known.agency === about);
  if (act === 'agency' && agency) {
    return (
      <AgencyAct
        key={agency.agency}
        isSending={isSending}
        first={agency}
        agencies={incident.agencies}
        onSays={(code, status, words) => void done(() => incidentApi.agencySays(id, code, status, words))}
      />
    );
  }
  if (act === 'todo') {
    return <TodoAct isSending={isSending} onTodo={(text, forWhom) => void done(() => incidentApi.addTodo(id, text, forWhom))} />;
  }
  if (!current) {
    return null;
  }
  if (act === 'recall' && mayRecall(current.status)) {
    return (
      <ReasonAct
        name="recall"
        label={t('detail.reason', { unit: current.callSign })}
        confirm={t('detail.confirmRecall')}
        hint={t('detail.reasonHint')}
        isSending={isSending}
        onReason={(reason) =>
          void done(
            () => server.cancelAssignment(current.id, reason),
            () => desk.selectUnit(null),
          )
        }
      />
    );
  }
  if (act === 'divert' && mayRecall(current.status)) {
    return (
      <DivertAct
        isSending={isSending}
        assignment={current}
        others={openOthers}
        onDivert={(toIncidentId, reason) =>
          void done(
            async () => (await server.divert(current.id, toIncidentId, reason)).to,
            (to) => {
              desk.selectIncident(to.id);
              desk.selectUnit(current.unitId);
            },
          )
        }
      />
    );
  }
  if (act === 'relieve') {
    return (
      <RelieveAct
        isSending={isSending}
        incident={incident}
        assignment={current}
        units={board?.units ?? []}
        onRelieve={(unitId, reason) =>
          void done(
            () => incidentApi.relieve(current.id, unitId, reason),
            () => desk.selectUnit(unitId),
          )
        }
      />
    );
  }
  if (act === 'hospital' && mayChoose) {
    return (
      <HospitalAct
        isSending={isSending}
        incident={incident}
        assignment={current}
        onHospital={(destinationId) => void done(() => server.recordMilestone(current.id, 'leftScene', destinationId))}
      />
    );
  }
  return null;
}
