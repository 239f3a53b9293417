import type { TFunction } from 'i18next';
import { formatTime } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import type { OpenThings } from './api';

export const kinds = ['incidents', 'calls', 'shelvedAlarms', 'unitsOut', 'closures'] as const;
export type Kind = (typeof kinds)[number];

/** What is open now and was not when the note was written, by its id. */
export function newSince(then: OpenThings, now: OpenThings): Set<string> {
  const known = new Set(kinds.flatMap((kind) => then[kind].map(({ id }) => id)));
  return new Set(kinds.flatMap((kind) => now[kind].map(({ id }) => id)).filter((id) => !known.has(id)));
}

/** Each open thing in one line. */
export function linesOf(open: OpenThings, kind: Kind, t: TFunction): { id: string; text: string }[] {
  const until = (time: string | null) => (time ? t('handover.until', { time: formatTime(time) }) : t('handover.untilSaid'));
  const joined = (...parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join(' · ');
  switch (kind) {
    case 'incidents':
      return open.incidents.map(({ id, number, priority, complaint, address, units }) => ({
        id,
        text: joined(
          `${number} P${priority} ${complaint}`,
          address,
          units.length === 0
            ? t('handover.noUnit')
            : units.map(({ callSign, status, since }) => `${callSign} ${t(`states.${status}`)} ${formatTime(since)}`).join('，'),
        ),
      }));
    case 'calls':
      return open.calls.map(({ id, status, number, since }) => ({
        id,
        text: joined(t(`handover.calls.${status}`), number ?? t('handover.withheld'), formatTime(since)),
      }));
    case 'shelvedAlarms':
      return open.shelvedAlarms.map(({ id, what, callSign, incidentNumber, by, until: back, why }) => ({
        id,
        text: joined([inLanguage(what), callSign, incidentNumber].filter(Boolean).join(' '), until(back), `${by}：${why}`),
      }));
    case 'unitsOut':
      return open.unitsOut.map(({ id, callSign, why, words, until: back }) => ({
        id,
        text: joined(callSign, inLanguage(why), words, until(back)),
      }));
    case 'closures':
      return open.closures.map(({ id, streets, kind: how, until: end }) => ({
        id,
        text: joined(streets.slice(0, 2).join('、') || t('closures.nameless'), t(`handover.closed.${how}`), until(end)),
      }));
  }
}
