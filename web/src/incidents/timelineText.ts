import type { TFunction } from 'i18next';
import type { TimelineEntry } from '../api/contract';
import { formatDuration } from '../shell/formats';

/** What an entry of the log says in words. */
export function sayEntry(entry: TimelineEntry, t: TFunction): string {
  switch (entry.type) {
    case 'incidentOpened': {
      const { number, priority, complaint } = entry.data;
      return t('timeline.incidentOpened', { number, priority, complaint });
    }
    case 'unitAssigned': {
      const { callSign, expectedSeconds } = entry.data;
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
      return t(`timeline.${entry.data.kind}`, { unit: entry.data.callSign, reason: entry.data.reason });
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
  }
}
