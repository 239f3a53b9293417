import type { TFunction } from 'i18next';
import type { IncidentFacts, Requirement } from '../api/contract';
import { formatDuration, formatTime } from '../shell/formats';
import type { TimelineEntry } from './lines';

/** What an entry of the log says in words. */
export function sayEntry(entry: TimelineEntry, t: TFunction): string {
  switch (entry.type) {
    case 'incidentOpened': {
      const { number, priority, complaint, facts } = entry.data;
      const opened = t('timeline.incidentOpened', { number, priority, complaint });
      return facts ? `${opened} · ${sayFacts(facts, t)}` : opened;
    }
    case 'unitAssigned': {
      const { callSign, expectedSeconds, divertedFrom, relieves } = entry.data;
      if (divertedFrom || relieves) {
        return divertedFrom
          ? t('timeline.divertedHere', { unit: callSign, incident: divertedFrom.number })
          : t('timeline.relieves', { unit: callSign, other: relieves?.callSign });
      }
      return expectedSeconds === null
        ? t('timeline.unitAssigned', { unit: callSign })
        : t('timeline.unitAssignedExpected', { unit: callSign, time: formatDuration(expectedSeconds) });
    }
    case 'milestoneRecorded': {
      const { callSign, milestone, destinationName } = entry.data;
      const said = { unit: callSign, milestone: t(`recorded.${milestone}`) };
      return destinationName
        ? t('timeline.milestoneWithPlace', { ...said, place: destinationName })
        : t('timeline.milestoneRecorded', said);
    }
    case 'assignmentCancelled':
      return t(`timeline.${entry.data.kind}`, {
        unit: entry.data.callSign,
        reason: entry.data.reason,
        incident: entry.data.divertedTo?.number,
        other: entry.data.relievedBy?.callSign,
      });
    case 'noteAdded':
      return t('timeline.noteAdded', { text: entry.data.text });
    case 'priorityChanged':
      return t('timeline.priorityChanged', { from: entry.data.from, to: entry.data.to });
    case 'addressReadBack':
      return t('timeline.addressReadBack');
    case 'incidentClosed': {
      const disposition = t(`dispositions.${entry.data.disposition}`);
      return entry.data.note
        ? t('timeline.incidentClosedNote', { disposition, note: entry.data.note })
        : t('timeline.incidentClosed', { disposition });
    }
    case 'capabilitiesRequired': {
      const { source, needs } = entry.data.requirement;
      return t('timeline.capabilitiesRequired', { source, needs: needsText(needs, t) });
    }
    case 'incidentReopened':
      return t('timeline.incidentReopened', { reason: entry.data.reason });
    case 'callJoined':
      return t('timeline.callJoined', { number: entry.data.number ?? '—' });
    case 'callLeft':
      return t('timeline.callLeft');
    case 'agencyInvolved':
      return t('timeline.agencyInvolved', { agency: nameOf(entry.data.agency, t) });
    case 'agencyStatusChanged': {
      const { agency, status, words } = entry.data;
      const said = { agency: nameOf(agency, t), status: t(`agencyStatuses.${status}`), words };
      return words ? t('timeline.agencyStatusWords', said) : t('timeline.agencyStatusChanged', said);
    }
    case 'todoAdded':
      return t('timeline.todoAdded', { text: entry.data.for ? `${entry.data.text} (${entry.data.for})` : entry.data.text });
    case 'todoDone':
      return t('timeline.todoDone', { text: entry.data.text });
    case 'incidentLinked':
    case 'incidentUnlinked':
      return t(`timeline.${entry.type}`, { incident: entry.data.other.number, reason: entry.data.why });
    case 'attachmentAdded':
      return t('timeline.attachmentAdded', { name: entry.data.name });
    case 'noteCorrected':
      return t('timeline.noteCorrected', { text: entry.data.text, why: entry.data.why });
    case 'milestoneCorrected': {
      const { callSign, milestone, milestoneAt, why } = entry.data;
      return t('timeline.milestoneCorrected', {
        unit: callSign,
        milestone: t(`recorded.${milestone}`),
        time: formatTime(milestoneAt),
        why,
      });
    }
    case 'placeCorrected':
      return t('timeline.placeCorrected', { address: entry.data.place.address, why: entry.data.why });
    case 'typeCorrected':
      return t('timeline.typeCorrected', { from: entry.data.from, to: entry.data.to, why: entry.data.why });
    case 'complaintCorrected':
      return t('timeline.complaintCorrected', { complaint: entry.data.complaint, why: entry.data.why });
    case 'callerCorrected':
      return t('timeline.callerCorrected', { why: entry.data.why });
  }
}

const nameOf = (agency: string, t: TFunction): string => t(`agencies.${agency}`, { defaultValue: agency });

/** Of a vehicle's equipment the code stands, as the city's tables have it. */
const needsText = (needs: Requirement['needs'], t: TFunction): string =>
  needs
    .map(({ capability, also, count }) => {
      const names = [capability, ...(also ?? [])].map((code) => t(`triage.crew.${code}`, { defaultValue: code }));
      return `${names.join('+')} ${count}`;
    })
    .join(' · ');

/** What else was asked, only what is known. */
function sayFacts({ conscious, breathing, ageYears, sex, persons, remarks }: IncidentFacts, t: TFunction): string {
  const answer = (name: 'conscious' | 'breathing', is: boolean | null) =>
    is == null ? null : `${t(`calls.${name}`)} ${t(is ? 'calls.yes' : 'calls.no')}`;
  return [
    answer('conscious', conscious),
    answer('breathing', breathing),
    sex && t(`calls.${sex}`),
    ageYears == null ? null : `${t('calls.age')} ${ageYears}`,
    persons == null ? null : `${t('calls.persons')} ${persons}`,
    remarks,
  ]
    .filter((fact) => fact != null)
    .join(' · ');
}
