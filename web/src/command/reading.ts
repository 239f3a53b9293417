import type {
  Board,
  Destination,
  Disposition,
  FoundPlace,
  IncidentSummary,
  IncidentType,
  Milestone,
  Priority,
} from '../api/contract';
import type { Call } from '../calls/api';
import type { HospitalChoice } from '../hospital/api';
import type { UnitView } from '../units/api';
import type { UnitState } from '../units/states';
import type { Slot, VerbName } from './grammar';

/** What the words of a line can be about. */
export interface World extends Pick<Board, 'incidents' | 'units'> {
  destinations: readonly Destination[];
  /** Of the unit that the line brings to a hospital; null until it is there. */
  ranking: { unitId: string; choice: HospitalChoice } | null;
  types: readonly IncidentType[];
  /** What the gazetteer has for the place that the line names; null until it has answered for that very word. */
  places: { word: string; found: readonly FoundPlace[] } | null;
  /** The extension at which this desk takes calls; null where it has none. */
  seat: string | null;
  /** The call that rings longest. */
  ringing: CallRef | null;
  /** The call at this seat that has no incident yet. */
  speaking: CallRef | null;
  /** The incident of `.` */
  selectedId: string | null;
  /** The incident of `^` */
  previousId: string | null;
  /** In which completed words stand. */
  language: 'zh' | 'en';
  /** The server's time, in milliseconds since 1970. */
  now: number;
}

export type CallRef = Pick<Call, 'id' | 'number' | 'receivedAt'>;

export interface Thing {
  kind: 'unit' | 'incident' | 'hospital' | 'station';
  id: string;
  /** As one says it. */
  name: string;
}

/** One thing to do, wholly said. */
export type Order =
  | { verb: 'answer'; seat: string | null; call: CallRef | null }
  | { verb: 'new'; place: FoundPlace; complaint: string; type: IncidentType | null; priority: Priority; call: CallRef | null }
  | { verb: 'dispatch'; units: UnitView[]; incident: IncidentSummary }
  | { verb: 'recall'; unit: UnitView; reason: string }
  | { verb: 'divert'; unit: UnitView; incident: IncidentSummary; reason: string }
  | { verb: 'status'; unit: UnitView; milestone: Milestone; at: string | null }
  | { verb: 'priority'; incident: IncidentSummary; priority: Priority }
  | { verb: 'note'; incident: IncidentSummary; text: string }
  | { verb: 'merge'; incident: IncidentSummary; into: IncidentSummary }
  | { verb: 'standby'; unit: UnitView; post: Thing }
  | { verb: 'hospital'; unit: UnitView; destination: Destination }
  | { verb: 'locate' | 'open'; thing: Thing }
  | { verb: 'mute' }
  | { verb: 'find'; text: string }
  | { verb: 'close'; incident: IncidentSummary; disposition: Disposition; note: string };

/** Why a line is not run. The facts are what its text names. */
export interface Refusal {
  code:
    | 'verbUnknown'
    | 'noneRinging'
    | 'noSeat'
    | 'placeUnknown'
    | 'unitUnknown'
    | 'incidentUnknown'
    | 'noneSelected'
    | 'noPrevious'
    | 'statusUnknown'
    | 'timeBad'
    | 'priorityUnknown'
    | 'hospitalUnknown'
    | 'thingUnknown'
    | 'postUnknown'
    | 'dispositionUnknown'
    | 'tooMuch'
    | 'tooLong'
    | 'unitTwice'
    | 'unitBusy'
    | 'unitAway'
    | 'sameIncident'
    | 'unitIdle'
    | 'notNext'
    | 'needsHospital'
    | 'withPatient'
    | 'closed'
    | 'samePriority'
    | 'mergedIntoItself'
    | 'unitsActive';
  facts: Record<string, string | number>;
  status?: UnitState;
  next?: readonly Milestone[];
}

export type Reading =
  | { kind: 'blank' }
  | { kind: 'unfinished'; verb: VerbName | null; wants: Slot }
  | { kind: 'refused'; why: Refusal }
  /** Several things are meant by one word: nothing is run. */
  | { kind: 'ambiguous'; word: string; meant: string[] }
  | { kind: 'order'; order: Order };

export const refused = (code: Refusal['code'], facts: Refusal['facts'] = {}): Reading => ({
  kind: 'refused',
  why: { code, facts },
});
