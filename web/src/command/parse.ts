import type { Destination, Disposition, FoundPlace, IncidentSummary, Milestone, Priority } from '../api/contract';
import { newDraft } from '../incidents/draft';
import { typeMeant } from '../incidents/types';
import { formatMoment } from '../shell/formats';
import type { UnitView } from '../units/api';
import { candidatesFor } from './candidates';
import { checkOrder } from './check';
import { isOptional, type Slot, type Verb, verbOf, type Word, wordsOf } from './grammar';
import {
  dispositionNames,
  dispositions,
  incidentsCalled,
  isPrevious,
  isSelected,
  looksLikeIncident,
  meantBy,
  milestoneNames,
  milestones,
  plain,
  unitsCalled,
} from './names';
import { type Order, type Reading, type Refusal, refused, type Thing, type World } from './reading';
import { postsOf, thingsOf } from './things';

/** The longest texts that the server takes, in characters. */
const most = { complaint: 200, reason: 200, why: 200, text: 1000, remark: 1000 };

/** What the slots of a line say. */
interface Said {
  place: FoundPlace;
  complaint: string;
  units: UnitView[];
  unit: UnitView;
  incident: IncidentSummary;
  into: IncidentSummary;
  reason: string;
  why: string;
  status: Milestone;
  time: string;
  priority: Priority;
  text: string;
  hospital: Destination;
  post: Thing;
  thing: Thing;
  disposition: Disposition;
  remark: string;
}

type Found<Value> = { value: Value; count: number } | { stop: Reading };

/** Reads a line. Never throws: whoever types is always in the middle of something. */
export function read(line: string, world: World): Reading {
  const { words, isLastOpen } = wordsOf(line);
  const [first, ...rest] = words;
  if (!first) {
    return { kind: 'blank' };
  }
  const verb = verbOf(first);
  if (!verb) {
    return rest.length === 0 && isLastOpen && candidatesFor('verb', first.raw, world).length > 0
      ? { kind: 'unfinished', verb: null, wants: 'verb' }
      : refused('verbUnknown', { word: first.raw });
  }
  const said: Partial<Said> = {};
  let left = rest;
  for (const slot of verb.slots) {
    const [next] = left;
    if (!next) {
      if (isOptional(slot)) {
        continue;
      }
      return { kind: 'unfinished', verb: verb.name, wants: slot };
    }
    const found = readSlot(slot, left, line, world);
    if ('stop' in found) {
      // Still being typed, an unknown word may become a known one; after one unit it may be the incident.
      const last = words.at(-1);
      const isOpen = isLastOpen && last && found.stop.kind === 'refused' && found.stop.why.facts.word === last.raw;
      const slots: Slot[] = slot === 'units' && left.length > 1 ? ['incident', 'units'] : [slot];
      const wants = isOpen ? slots.find((wanted) => candidatesFor(wanted, last.raw, world).length > 0) : undefined;
      return wants ? { kind: 'unfinished', verb: verb.name, wants } : found.stop;
    }
    Object.assign(said, { [slot]: found.value });
    left = left.slice(found.count);
  }
  if (left[0]) {
    return refused('tooMuch', { word: left[0].raw });
  }
  const order = orderOf(verb, said as Said, world);
  const why = checkOrder(order);
  return why ? { kind: 'refused', why } : { kind: 'order', order };
}

function orderOf({ name: verb }: Verb, said: Said, { seat, ringing, speaking, types }: World): Order {
  switch (verb) {
    case 'answer':
      return { verb, seat, call: ringing };
    case 'new': {
      const { place, complaint } = said;
      const usual = newDraft('', 0);
      const type = typeMeant(types, complaint) ?? types.find(({ code }) => code === usual.type) ?? null;
      return { verb, place, complaint, type, priority: type?.priority ?? usual.priority, call: speaking };
    }
    case 'dispatch':
      return { verb, units: said.units, incident: said.incident };
    case 'recall':
      return { verb, unit: said.unit, reason: said.reason };
    case 'divert':
      return { verb, unit: said.unit, incident: said.incident, reason: said.why ?? '' };
    case 'status':
      return { verb, unit: said.unit, milestone: said.status, at: said.time ?? null };
    case 'priority':
      return { verb, incident: said.incident, priority: said.priority };
    case 'note':
      return { verb, incident: said.incident, text: said.text };
    case 'merge':
      return { verb, incident: said.incident, into: said.into };
    case 'hospital':
      return { verb, unit: said.unit, destination: said.hospital };
    case 'standby':
      return { verb, unit: said.unit, post: said.post };
    case 'locate':
    case 'open':
      return { verb, thing: said.thing };
    case 'mute':
      return { verb };
    case 'find':
      return { verb, text: said.text };
    case 'close':
      return { verb, incident: said.incident, disposition: said.disposition, note: said.remark ?? '' };
  }
}

function readSlot(slot: Slot, words: Word[], line: string, world: World): Found<unknown> {
  const word = words[0] as Word;
  switch (slot) {
    case 'place':
      return readPlace(word, world);
    case 'units':
      return readUnits(words, world);
    case 'unit':
      return one(word, unitsCalled(word.raw, world.units), nameUnit, 'unitUnknown');
    case 'incident':
    case 'into':
      return readIncident(word, world);
    case 'status':
      return named(words, milestones, milestoneNames, 'statusUnknown');
    case 'time':
      return readTime(word, world.now);
    case 'priority': {
      const digit = /^p?([1-4])$/.exec(word.folded)?.[1];
      return digit ? { value: Number(digit), count: 1 } : { stop: refused('priorityUnknown', { word: word.raw }) };
    }
    case 'hospital':
      return one(
        word,
        meantBy(word.raw, world.destinations, ({ name }) => [name]),
        ({ name }) => name,
        'hospitalUnknown',
      );
    case 'post':
      return one(word, postsOf(word.raw, world), ({ name }) => name, 'postUnknown');
    case 'thing': {
      if (looksLikeIncident(word.folded)) {
        const found = readIncident(word, world);
        return 'stop' in found ? found : { value: { kind: 'incident', id: found.value.id, name: found.value.number }, count: 1 };
      }
      return one(word, thingsOf(word.raw, world), ({ name }) => name, 'thingUnknown');
    }
    case 'disposition':
      return named(words, dispositions, dispositionNames, 'dispositionUnknown');
    case 'complaint':
    case 'reason':
    case 'why':
    case 'text':
    case 'remark': {
      // The rest of the line, as it was typed.
      const text = line.slice(word.start).trim();
      return text.length > most[slot] ? { stop: refused('tooLong', { most: most[slot] }) } : { value: text, count: words.length };
    }
    case 'verb':
      return { stop: refused('verbUnknown', { word: word.raw }) };
  }
}

function one<Value>(
  word: Word,
  meant: readonly Value[],
  nameOf: (value: Value) => string,
  unknown: Refusal['code'],
): Found<Value> {
  const [only, ...others] = meant;
  if (only === undefined) {
    return { stop: refused(unknown, { word: word.raw }) };
  }
  return others.length === 0
    ? { value: only, count: 1 }
    : { stop: { kind: 'ambiguous', word: word.raw, meant: meant.map(nameOf) } };
}

/** A name of one word, or (in English) of as many as make a whole one. */
function named<Code extends string>(
  words: Word[],
  codes: readonly Code[],
  namesOf: (code: Code) => string[],
  unknown: Refusal['code'],
): Found<Code> {
  for (let count = Math.min(words.length, 4); count > 1; count--) {
    const phrase = words.slice(0, count).map(({ raw }) => raw);
    const whole = codes.find((code) => namesOf(code).some((name) => plain(name) === plain(phrase.join(''))));
    if (whole) {
      return { value: whole, count };
    }
  }
  return one(words[0] as Word, meantBy(words[0]?.raw ?? '', codes, namesOf), (code) => namesOf(code)[0] ?? '', unknown);
}

const nameUnit = ({ callSign, plate }: UnitView) => `${callSign} (${plate})`;

/** A place by the name that the gazetteer gives it, or the only one that it finds. While it is asked, the line waits. */
function readPlace(word: Word, { places }: World): Found<FoundPlace> {
  if (places?.word !== word.raw) {
    return { stop: { kind: 'unfinished', verb: 'new', wants: 'place' } };
  }
  const whole = places.found.filter(({ name, district }) =>
    [name, district + name].some((said) => plain(said) === plain(word.raw)),
  );
  return one(word, whole.length > 0 ? whole : places.found, ({ name, district }) => `${name} (${district})`, 'placeUnknown');
}

/** All words up to the one that looks like an incident, or all. */
function readUnits(words: Word[], world: World): Found<UnitView[]> {
  const end = words.findIndex(({ folded }) => looksLikeIncident(folded));
  const named = end < 0 ? words : words.slice(0, end);
  const units: UnitView[] = [];
  for (const word of named) {
    const found = one(word, unitsCalled(word.raw, world.units), nameUnit, 'unitUnknown');
    if ('stop' in found) {
      return found;
    }
    if (units.includes(found.value)) {
      return { stop: refused('unitTwice', { unit: found.value.callSign }) };
    }
    units.push(found.value);
  }
  return units.length === 0
    ? { stop: { kind: 'unfinished', verb: 'dispatch', wants: 'units' } }
    : { value: units, count: named.length };
}

function readIncident(word: Word, { incidents, selectedId, previousId, now }: World): Found<IncidentSummary> {
  if (isSelected(word.folded) || isPrevious(word.folded)) {
    const id = isSelected(word.folded) ? selectedId : previousId;
    const incident = incidents.find((candidate) => candidate.id === id);
    return incident
      ? { value: incident, count: 1 }
      : { stop: refused(isSelected(word.folded) ? 'noneSelected' : 'noPrevious', { word: word.raw }) };
  }
  return one(
    word,
    incidentsCalled(word.raw, incidents),
    ({ number, receivedAt }) => `${number} (${formatMoment(receivedAt, now)})`,
    'incidentUnknown',
  );
}

const dayMs = 86_400_000;
/** The city's clock is eight hours ahead of UTC all year. */
const cityMs = 8 * 3_600_000;

/** `@02:14`: the last time that the city's clock showed it. */
function readTime(word: Word, now: number): Found<string> {
  const said = /^@([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(word.folded);
  if (!said) {
    return { stop: refused('timeBad', { word: word.raw }) };
  }
  const midnight = Math.floor((now + cityMs) / dayMs) * dayMs - cityMs;
  const today = midnight + Number(said[1]) * 3_600_000 + Number(said[2]) * 60_000;
  return { value: new Date(today > now ? today - dayMs : today).toISOString(), count: 1 };
}
