import type { AssignmentStatus, Milestone } from '../api/contract';

// The position suggests what has happened; it never presses.

const sceneMeters = 80;
// A hospital is a large yard, and its point stands in the middle of it.
const hospitalMeters = 150;
const standingKmh = 10;
const freshSeconds = 30;
const sharpMeters = 100;

export interface Sighting {
  metersToTarget: number | null;
  speedKmh: number | null;
  ageSeconds: number | null;
  accuracyMeters: number | null;
}

/** The milestone that the position speaks for: near the target, and slow. */
export function suggestedMilestone(status: AssignmentStatus, sighting: Sighting): Milestone | null {
  const { metersToTarget, speedKmh, ageSeconds, accuracyMeters } = sighting;
  const isTrusted = ageSeconds !== null && ageSeconds <= freshSeconds && (accuracyMeters ?? 0) <= sharpMeters;
  if (!isTrusted || metersToTarget === null || speedKmh === null || speedKmh >= standingKmh) {
    return null;
  }
  if (status === 'enRoute' && metersToTarget <= sceneMeters) {
    return 'onScene';
  }
  return status === 'leftScene' && metersToTarget <= hospitalMeters ? 'atDestination' : null;
}
