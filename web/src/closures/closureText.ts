import i18next from 'i18next';
import { formatDate, formatTime } from '../shell/formats';
import { language } from '../shell/i18n';
import type { Closure, StreetPart } from './api';

/** `14:30`; of another day `11-26 14:30`. */
export function shortMoment(time: string, nowMs: number): string {
  const day = formatDate(Date.parse(time));
  const clock = formatTime(time).slice(0, 5);
  return day === formatDate(nowMs) ? clock : `${day.slice(5)} ${clock}`;
}

export const streetName = ({ name, nameEn }: StreetPart): string =>
  (language() === 'en' ? (nameEn ?? name) : name) ?? i18next.t('closures.nameless');

/** The longest two by name, and how many more. */
export function streetsText(streets: readonly StreetPart[]): string {
  const names = streets.slice(0, 2).map(streetName).join(i18next.t('closures.and'));
  return streets.length > 2 ? i18next.t('closures.andMore', { names, count: streets.length }) : names;
}

/** Until when, or since when where it is only planned. */
export function whenText(
  { state, from, until, liftedAt }: Pick<Closure, 'state' | 'from' | 'until' | 'liftedAt'>,
  nowMs: number,
): string {
  if (state === 'planned') {
    return i18next.t('closures.begins', { time: shortMoment(from, nowMs) });
  }
  if (state === 'ended') {
    const ended = liftedAt && (!until || Date.parse(liftedAt) < Date.parse(until)) ? liftedAt : (until ?? from);
    return i18next.t('closures.ended', { time: shortMoment(ended, nowMs) });
  }
  return until ? i18next.t('closures.until', { time: shortMoment(until, nowMs) }) : i18next.t('closures.untilLifted');
}

/** From when until when. */
export function timesText(closure: Closure, nowMs: number): string {
  const { from, until, state, liftedAt } = closure;
  const end =
    state === 'ended' || liftedAt
      ? whenText(closure, nowMs)
      : until
        ? i18next.t('closures.until', { time: shortMoment(until, nowMs) })
        : i18next.t('closures.untilLifted');
  return `${shortMoment(from, nowMs)} ${end}`;
}

export const kindText = ({ kind, speedFactor }: Pick<Closure, 'kind' | 'speedFactor'>): string =>
  kind === 'closed'
    ? i18next.t('closures.kinds.closed')
    : i18next.t('closures.slowTo', { percent: Math.round(speedFactor * 100) });
