import type { AssignmentStatus, Milestone } from '../api/contract';

/** What may follow what; the first is the usual next step. Without transport a unit is free again from the scene. */
const following: Partial<Record<AssignmentStatus, Milestone[]>> = {
  notified: ['acknowledged', 'enRoute'],
  acknowledged: ['enRoute'],
  enRoute: ['onScene'],
  onScene: ['atPatient', 'leftScene', 'available'],
  atPatient: ['leftScene', 'available'],
  leftScene: ['atDestination'],
  atDestination: ['handedOver'],
  handedOver: ['available'],
};

export const milestonesAfter = (status: AssignmentStatus): Milestone[] => following[status] ?? [];

export const nextMilestone = (status: AssignmentStatus): Milestone | null => milestonesAfter(status)[0] ?? null;

/** What may be chosen in its place, the hospital aside: that has a key of its own. At most one in each status. */
export const otherMilestone = (status: AssignmentStatus): Milestone | null =>
  milestonesAfter(status)
    .slice(1)
    .find((milestone) => milestone !== 'leftScene') ?? null;

/** With the patient on board a unit is no longer recalled. */
export const mayRecall = (status: AssignmentStatus): boolean =>
  ['notified', 'acknowledged', 'enRoute', 'onScene', 'atPatient'].includes(status);
