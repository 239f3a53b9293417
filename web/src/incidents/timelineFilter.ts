import type { TimelineEntry, TimelineType } from './lines';

export const timelineFilters = ['all', 'dispatch', 'calls'] as const;
export type TimelineFilter = (typeof timelineFilters)[number];

const dispatch: ReadonlySet<TimelineType> = new Set([
  'unitAssigned',
  'milestoneRecorded',
  'milestoneCorrected',
  'assignmentCancelled',
  'agencyInvolved',
  'capabilitiesRequired',
  'agencyStatusChanged',
]);
const calls: ReadonlySet<TimelineType> = new Set([
  'incidentOpened',
  'callJoined',
  'callLeft',
  'addressReadBack',
  'callerCorrected',
]);

/** Who was sent and how far they are; or what was said by telephone. What an agency's desk told is both. */
export const passes = ({ type, source }: Pick<TimelineEntry, 'type' | 'source'>, filter: TimelineFilter): boolean =>
  filter === 'all' ||
  (filter === 'dispatch' ? dispatch.has(type) : calls.has(type) || source === 'telephone' || source === 'agency');
