import { metersBetween } from '../shell/geo';
import type { AvlFix } from './api';

// What of the browser's positions is worth sending, and in which portions.

const leastSeconds = 1;
const restSeconds = 10;
const movedMeters = 5;
const mostKept = 1000;
export const mostInOne = 100;

/** Moving: once a second. Standing: every ten, so that the desk sees the position's age stay small. */
export function isWorthSending(last: AvlFix | null, next: AvlFix): boolean {
  if (!last) {
    return true;
  }
  const seconds = (Date.parse(next.time) - Date.parse(last.time)) / 1000;
  const meters = metersBetween([last.lon, last.lat], [next.lon, next.lat]);
  return seconds >= restSeconds || (seconds >= leastSeconds && meters >= movedMeters);
}

/** Without a network the newest thousand are kept: older ones help nobody who looks for the vehicle. */
export const keep = (waiting: readonly AvlFix[], fix: AvlFix): AvlFix[] => [...waiting, fix].slice(-mostKept);

/** Many devices measure no speed: then it follows from two places, where they are near enough in time. */
export function speedBetween(last: AvlFix | null, next: AvlFix): number | null {
  if (next.speedKmh !== null || !last) {
    return next.speedKmh;
  }
  const seconds = (Date.parse(next.time) - Date.parse(last.time)) / 1000;
  if (seconds <= 0 || seconds > 30) {
    return null;
  }
  return Math.min(400, (metersBetween([last.lon, last.lat], [next.lon, next.lat]) / seconds) * 3.6);
}
