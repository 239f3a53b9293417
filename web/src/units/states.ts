import type { AssignmentStatus } from '../api/contract';
import type { Leg } from '../shell/theme';
import type { UnitView } from './api';

// What a unit's state looks like, everywhere: hue = leg of the job; solid = happening, hollow = ordered or ending.

export type UnitState = 'standby' | 'outOfService' | 'offDuty' | AssignmentStatus;
export type Pattern = 'solid' | 'hollow' | 'dashed' | 'solidBar' | 'hollowTick' | 'hatched';

export interface StateLook {
  leg: Leg;
  letter: string;
  pattern: Pattern;
}

const looks: Record<UnitState, StateLook> = {
  standby: { leg: 'available', letter: 'A', pattern: 'solid' },
  outOfService: { leg: 'out', letter: 'X', pattern: 'hatched' },
  offDuty: { leg: 'out', letter: 'O', pattern: 'hatched' },
  notified: { leg: 'toScene', letter: 'N', pattern: 'dashed' },
  acknowledged: { leg: 'toScene', letter: 'K', pattern: 'hollow' },
  enRoute: { leg: 'toScene', letter: 'E', pattern: 'solid' },
  onScene: { leg: 'onScene', letter: 'S', pattern: 'solid' },
  atPatient: { leg: 'onScene', letter: 'P', pattern: 'solidBar' },
  leftScene: { leg: 'hospital', letter: 'T', pattern: 'solid' },
  atDestination: { leg: 'hospital', letter: 'H', pattern: 'hollow' },
  handedOver: { leg: 'hospital', letter: 'D', pattern: 'hollowTick' },
  available: { leg: 'available', letter: 'A', pattern: 'solid' },
  backAtStation: { leg: 'available', letter: 'A', pattern: 'solid' },
  cancelled: { leg: 'out', letter: 'C', pattern: 'hollow' },
};

export const lookOf = (state: UnitState): StateLook => looks[state];

/** A unit's own state: the leg of its assignment; without one, why it cannot be sent, or standing by. */
export const stateOf = ({ leg, status }: Pick<UnitView, 'leg' | 'status'>): UnitState =>
  leg ?? (status === 'outOfService' || status === 'offDuty' ? status : 'standby');
