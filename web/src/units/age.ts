// What a position's age does to its symbol: an old place must not look like a new one.

export type AgeClass = 'fresh' | 'late' | 'old' | 'lost';

const lateAfterSeconds = 30;
const oldAfterSeconds = 120;
const lostAfterSeconds = 900;

/**
 * Bounds are of life, not of the exercise: at ten times the speed a device that reports every two seconds leaves gaps
 * of twenty.
 */
export function ageClass(ageSeconds: number | null, speed = 1): AgeClass {
  const age = ageSeconds === null ? Number.POSITIVE_INFINITY : ageSeconds / Math.max(1, speed);
  if (age <= lateAfterSeconds) {
    return 'fresh';
  }
  if (age <= oldAfterSeconds) {
    return 'late';
  }
  return age <= lostAfterSeconds ? 'old' : 'lost';
}
