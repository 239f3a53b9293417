import type { FigureDefinition, FigureValue, Grouping } from './api';

/** Of a hundred that were measured, how many were in time; null without a target, or where none was measured. */
export const percentInTime = ({ inTime, measured }: FigureValue): number | null =>
  inTime === null || measured === 0 ? null : (100 * inTime) / measured;

/** Whether what is aimed at was reached; null where nothing is aimed at or nothing measured. */
export function isReached(value: FigureValue, { targetPercent }: FigureDefinition): boolean | null {
  const percent = percentInTime(value);
  return percent === null || targetPercent === null ? null : percent >= targetPercent;
}

export const formatPercent = (percent: number | null): string => (percent === null ? '–' : `${percent.toFixed(1)} %`);

/** What a group is called. `outside`: of scenes that are in no district. */
export function groupName(by: Grouping, key: string, outside: string): string {
  switch (by) {
    case 'level':
      return `P${key}`;
    case 'hour':
      return `${key.padStart(2, '0')}:00`;
    default:
      return key === '' ? outside : key;
  }
}
