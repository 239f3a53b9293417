import type { TFunction } from 'i18next';
import type { IncidentSummary } from '../api/contract';
import { formatDuration, formatMeters, formatMoment } from '../shell/formats';
import { inLanguage } from '../shell/i18n';
import type { Recommendations, UnitView } from '../units/api';
import type { Order, Reading, Refusal, World } from './reading';

/** What a line would do, in words: with road times where they are known. Of a blank one, what could be said. */
export function sayReading(
  reading: Reading,
  found: Recommendations | undefined,
  ranking: World['ranking'],
  now: number,
  t: TFunction,
): string {
  switch (reading.kind) {
    case 'blank':
      return t('command.verbs');
    case 'unfinished':
      return t('command.missing', { what: t(`command.wants.${reading.wants}`) });
    case 'refused':
      return sayRefusal(reading.why, t);
    case 'ambiguous':
      return t('command.ambiguous', { word: reading.word, meant: reading.meant.join(t('command.and')) });
    case 'order':
      return sayOrder(reading.order, found, ranking, now, t);
  }
}

export function sayOrder(
  order: Order,
  found: Recommendations | undefined,
  ranking: World['ranking'],
  now: number,
  t: TFunction,
): string {
  switch (order.verb) {
    case 'answer':
      return t('command.say.answer', { number: order.call?.number ?? t('calls.withheld') });
    case 'new': {
      const { priority, type, place, complaint, call } = order;
      const said = {
        priority,
        type: type === null ? '' : inLanguage({ zh: type.name, en: type.nameEn }),
        place: `${place.name} (${place.district})`,
        complaint,
      };
      return call
        ? t('command.say.newOfCall', { ...said, number: call.number ?? t('calls.withheld') })
        : t('command.say.new', said);
    }
    case 'dispatch': {
      const units = order.units.map((unit) => sayUnit(unit, found, t)).join(t('command.and'));
      return t('command.say.dispatch', { units, incident: sayIncident(order.incident) });
    }
    case 'recall':
      return t('command.say.recall', { unit: order.unit.callSign, incident: order.unit.incidentNumber, reason: order.reason });
    case 'divert': {
      // That it works elsewhere is what a diversion is about: the time alone is told.
      const unit = sayUnit(order.unit, found && { ...found, leftOut: [] }, t);
      return t('command.say.divert', { unit, from: order.unit.incidentNumber, incident: sayIncident(order.incident) });
    }
    case 'status': {
      const { callSign: unit, incidentNumber: incident } = order.unit;
      const milestone = t(`milestones.${order.milestone}`);
      return order.at === null
        ? t('command.say.status', { unit, milestone, incident })
        : t('command.say.statusAt', { unit, milestone, incident, time: formatMoment(order.at, now) });
    }
    case 'priority':
      return t('command.say.priority', {
        incident: order.incident.number,
        from: order.incident.priority,
        to: order.priority,
      });
    case 'note':
      return t('command.say.note', { incident: order.incident.number, text: order.text });
    case 'merge':
      return t('command.say.merge', { incident: sayIncident(order.incident), into: sayIncident(order.into) });
    case 'standby':
      return t('command.say.standby', { unit: order.unit.callSign, place: order.post.name });
    case 'hospital':
      return sayHospital(order, ranking, t);
    case 'locate':
    case 'open':
      return t(`command.say.${order.verb}`, { thing: order.thing.name });
    case 'mute':
      return t('command.say.mute');
    case 'find':
      return t('command.say.find', { text: order.text });
    case 'close': {
      const said = { incident: sayIncident(order.incident), disposition: t(`dispositions.${order.disposition}`) };
      return order.note ? t('command.say.closeNote', { ...said, note: order.note }) : t('command.say.close', said);
    }
  }
}

/** With why it is where it is in the order, or why it is left out. */
function sayHospital({ unit, destination }: Order & { verb: 'hospital' }, ranking: World['ranking'], t: TFunction): string {
  const said = t('command.say.hospital', { unit: unit.callSign, place: destination.name });
  const { hospitals, leftOut } = ranking?.unitId === unit.id ? ranking.choice : { hospitals: [], leftOut: [] };
  const ranked = hospitals.find(({ hospitalId }) => hospitalId === destination.id);
  const out = leftOut.find(({ hospitalId }) => hospitalId === destination.id);
  const reason = (ranked ?? out)?.reason;
  return reason ? `${said} · ${out ? `${t('choice.leftOut')} · ` : ''}${inLanguage(reason)}` : said;
}

const sayIncident = ({ number, priority, complaint }: IncidentSummary) => `${number} P${priority} ${complaint}`;

/** A unit with the time that it needs, or why no time is told. */
function sayUnit({ id, callSign: unit }: UnitView, found: Recommendations | undefined, t: TFunction): string {
  const suggestion = found?.units.find(({ unitId }) => unitId === id);
  if (suggestion) {
    const { seconds, meters } = suggestion;
    return seconds === null
      ? t('command.say.unitByAirline', { unit, distance: formatMeters(meters) })
      : t('command.say.unitByRoad', { unit, time: formatDuration(seconds) });
  }
  const leftOut = found?.leftOut.find(({ unitId }) => unitId === id);
  return leftOut ? t('command.say.unitLeftOut', { unit, why: inLanguage(leftOut.reason) }) : unit;
}

function sayRefusal({ code, facts, status, next }: Refusal, t: TFunction): string {
  return t(`command.refusals.${code}`, {
    ...facts,
    status: status && t(`states.${status}`),
    next: next?.map((milestone) => t(`milestones.${milestone}`)).join(t('command.and')),
  });
}
