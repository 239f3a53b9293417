import type { Milestone } from '../api/contract';
import { mayRecall, milestonesAfter } from '../incidents/milestones';
import { fold } from '../shell/find';
import type { UnitView } from '../units/api';
import { type Candidate, candidatesFor } from './candidates';
import { type Slot, type VerbName, verbOf, wordsOf } from './grammar';
import { unitsCalled } from './names';
import { read } from './parse';
import type { World } from './reading';

const mostShown = 8;

export interface Completion extends Candidate {
  /** The whole line with the word in its place. */
  line: string;
}

/** How the word at the end of the line may go on, the likely ones first. A word that is whole already is not among them. */
export function complete(line: string, world: World): Completion[] {
  const { words, isLastOpen } = wordsOf(line);
  const last = isLastOpen ? words.at(-1) : undefined;
  const before = last ? line.slice(0, last.start) : line;
  const partial = last?.raw ?? '';
  const { verb, slots } = wantedAfter(before, world);
  if (slots.includes('verb') && last && verbOf(last)) {
    return [];
  }
  const said = words.slice(1, last ? -1 : undefined).flatMap(({ raw }) => unitsCalled(raw, world.units));
  // A Hanzi that is a verb needs no blank after it, but reads better with one.
  const gap = before === '' || /[\s,，、]$/.test(before) ? '' : ' ';
  return slots
    .flatMap((slot) => candidatesFor(slot, partial, world))
    .filter(({ word, unit }) => fold(word) !== fold(partial) && !(unit && said.includes(unit)))
    .sort((one, other) => distance(one, verb, said[0], world) - distance(other, verb, said[0], world))
    .slice(0, mostShown)
    .map((candidate) => ({ ...candidate, line: `${before}${gap}${candidate.word} ` }));
}

function wantedAfter(before: string, world: World): { verb: VerbName | null; slots: Slot[] } {
  const reading = read(before, world);
  if (reading.kind === 'blank') {
    return { verb: null, slots: ['verb'] };
  }
  if (reading.kind !== 'unfinished') {
    return { verb: null, slots: [] };
  }
  const { verb, wants } = reading;
  // After one unit another one may follow.
  return { verb, slots: verb === 'dispatch' && wants === 'incident' ? ['incident', 'units'] : [wants] };
}

/** How far it is from what can be done now. What cannot be done can still be said, and is told why not. */
function distance({ id, unit, incident }: Candidate, verb: VerbName | null, said: UnitView | undefined, world: World): number {
  if (incident) {
    return incident.id === world.selectedId ? -1 : 0;
  }
  if (unit) {
    return canBe(verb, unit) ? 0 : 1;
  }
  const after = said?.leg ? milestonesAfter(said.leg) : [];
  const step = verb === 'status' ? after.indexOf(id as Milestone) : 0;
  return step < 0 ? after.length : step;
}

function canBe(verb: VerbName | null, { status, leg }: UnitView): boolean {
  switch (verb) {
    case 'dispatch':
      return status === 'available';
    case 'recall':
      return leg !== null && mayRecall(leg);
    case 'status':
    case 'hospital':
      return leg !== null;
    default:
      return true;
  }
}
