import type { Destination, IncidentSummary } from '../api/contract';
import { fold } from '../shell/find';
import { en } from '../shell/i18n/en';
import { zh } from '../shell/i18n/zh';
import type { UnitView } from '../units/api';
import { type Slot, type Verb, verbs } from './grammar';
import { dispositionNames, dispositions, initialsOf, milestoneNames, milestones, plain } from './names';
import type { World } from './reading';
import { allPosts } from './things';

/** What a word that is being typed may become. */
export interface Candidate {
  id: string;
  /** Put in its place. */
  word: string;
  /** What is told of it besides. */
  about: string;
  unit?: UnitView;
  incident?: IncidentSummary;
  verb?: Verb;
}

const starts = (partial: string, names: readonly string[]) => {
  const wanted = fold(partial);
  return names.some((name) => {
    const whole = plain(name);
    return whole.startsWith(wanted) || initialsOf(name).startsWith(wanted) || (wanted.length > 1 && whole.includes(wanted));
  });
};

const placeCandidate = ({ id, name }: { id: string; name: string }): Candidate => ({ id, word: plain(name), about: name });

/** As the unit's patient is ranked: those that take him first, each with its reason; those left out last, with why. */
function byRank(destinations: readonly Destination[], { ranking, language }: World): Candidate[] {
  const { hospitals, leftOut } = ranking?.choice ?? { hospitals: [], leftOut: [] };
  const places = new Map([
    ...hospitals.map(({ hospitalId, reason }, place) => [hospitalId, { place, reason }] as const),
    ...leftOut.map(({ hospitalId, reason }) => [hospitalId, { place: Number.MAX_SAFE_INTEGER, reason }] as const),
  ]);
  const unranked = { place: hospitals.length, reason: null };
  return destinations
    .map((destination) => ({ destination, ...(places.get(destination.id) ?? unranked) }))
    .sort((one, other) => one.place - other.place)
    .map(({ destination, reason }) => ({ ...placeCandidate(destination), ...(reason && { about: reason[language] }) }));
}

/** Candidates for a place of the line whose word begins so; nothing typed: all of them. */
export function candidatesFor(slot: Slot, partial: string, world: World): Candidate[] {
  const texts = world.language === 'en' ? en : zh;
  const words = <Code extends string>(codes: readonly Code[], names: (code: Code) => string[], shown: Record<Code, string>) =>
    codes
      .filter((code) => starts(partial, names(code)))
      .map((code): Candidate => ({ id: code, word: shown[code].replace(/[,，、]/g, ''), about: names(code)[0] ?? '' }));
  switch (slot) {
    case 'verb':
      return verbs
        .filter(
          ({ zh: hanzi, letter, name }) => hanzi === partial || [letter, name].some((word) => word.startsWith(fold(partial))),
        )
        .map((verb) => ({ id: verb.name, word: world.language === 'en' ? verb.name : verb.zh, about: '', verb }));
    case 'place':
      // Found by more than its letters: the gazetteer knows which places a word may mean.
      return (world.places?.word === partial ? world.places.found : []).map(({ id, name, district }) => ({
        id,
        word: name.replace(/[\s,，、]/g, ''),
        about: district,
      }));
    case 'units':
    case 'unit':
      return world.units
        .filter(({ callSign, plate, stationName }) => starts(partial, [callSign, plate, plate.slice(-4), stationName]))
        .map((unit) => ({ id: unit.id, word: unit.callSign, about: unit.stationName, unit }));
    case 'incident':
    case 'into':
      return world.incidents
        .filter(({ status }) => status !== 'closed')
        .filter(({ number, complaint, place }) => starts(partial, [number, complaint, place.address]))
        .map((incident) => ({ id: incident.id, word: incident.number, about: incident.complaint, incident }));
    case 'status':
      return words(milestones, milestoneNames, texts.milestones);
    case 'disposition':
      return words(dispositions, dispositionNames, texts.dispositions);
    case 'priority':
      return ([1, 2, 3, 4] as const)
        .filter((priority) => `${priority}`.startsWith(fold(partial)))
        .map((priority) => ({ id: `${priority}`, word: `${priority}`, about: texts.priority[`p${priority}`] }));
    case 'hospital':
      return byRank(
        world.destinations.filter(({ name }) => starts(partial, [name])),
        world,
      );
    case 'post':
      return allPosts(world)
        .filter(({ name }) => starts(partial, [name]))
        .map(placeCandidate);
    case 'thing':
      return [
        ...candidatesFor('incident', partial, world),
        ...candidatesFor('unit', partial, world),
        ...candidatesFor('post', partial, world),
      ];
    default:
      return [];
  }
}
