import type { IncidentSummary } from '../api/contract';
import { mayRecall, milestonesAfter } from '../incidents/milestones';
import type { UnitView } from '../units/api';
import type { Order, Refusal } from './reading';

// What is known at this desk to stand against an order. The server decides again; here it is told before the Enter.

export function checkOrder(order: Order): Refusal | null {
  switch (order.verb) {
    case 'answer':
      return order.seat === null ? refusal('noSeat', {}) : order.call === null ? refusal('noneRinging', {}) : null;
    case 'dispatch':
      return open(order.incident) ?? firstOf(order.units, free);
    case 'recall':
      return busy(order.unit) ?? withoutPatient(order.unit);
    case 'divert':
      return (
        open(order.incident) ??
        busy(order.unit) ??
        (order.unit.incidentId === order.incident.id
          ? refusal('sameIncident', { unit: order.unit.callSign, incident: order.incident.number })
          : order.unit.leg === 'handedOver'
            ? null
            : withoutPatient(order.unit))
      );
    case 'status':
      return order.milestone === 'leftScene'
        ? (next(order.unit, order.milestone) ?? refusal('needsHospital', { unit: order.unit.callSign }))
        : next(order.unit, order.milestone);
    case 'hospital':
      return next(order.unit, 'leftScene');
    case 'priority':
      return (
        open(order.incident) ??
        (order.incident.priority === order.priority
          ? refusal('samePriority', { incident: order.incident.number, priority: order.priority })
          : null)
      );
    case 'merge':
      return (
        open(order.into) ??
        (order.incident.id === order.into.id
          ? refusal('mergedIntoItself', { incident: order.incident.number })
          : over(order.incident))
      );
    case 'standby':
      return free(order.unit);
    case 'close':
      return over(order.incident);
    default:
      return null;
  }
}

const refusal = (code: Refusal['code'], facts: Refusal['facts']): Refusal => ({ code, facts });

const open = ({ status, number }: IncidentSummary) => (status === 'closed' ? refusal('closed', { incident: number }) : null);

/** Nobody works on it any more. */
function over(incident: IncidentSummary): Refusal | null {
  const atWork = incident.assignments.filter(({ active }) => active).map(({ callSign }) => callSign);
  return (
    open(incident) ?? (atWork.length > 0 ? refusal('unitsActive', { incident: incident.number, units: atWork.join(', ') }) : null)
  );
}

const free = ({ status, callSign, incidentNumber }: UnitView) =>
  status === 'assigned'
    ? refusal('unitBusy', { unit: callSign, incident: incidentNumber ?? '' })
    : status === 'available'
      ? null
      : refusal('unitAway', { unit: callSign });

const withoutPatient = ({ leg, callSign }: UnitView) =>
  leg !== null && !mayRecall(leg) ? refusal('withPatient', { unit: callSign }) : null;

const busy = ({ assignmentId, callSign }: UnitView) => (assignmentId === null ? refusal('unitIdle', { unit: callSign }) : null);

function next(unit: UnitView, milestone: ReturnType<typeof milestonesAfter>[number]): Refusal | null {
  const after = unit.leg ? milestonesAfter(unit.leg) : [];
  return (
    busy(unit) ??
    (after.includes(milestone) || unit.leg === null
      ? null
      : { ...refusal('notNext', { unit: unit.callSign }), status: unit.leg, next: after })
  );
}

function firstOf(units: readonly UnitView[], check: (unit: UnitView) => Refusal | null): Refusal | null {
  for (const unit of units) {
    const found = check(unit);
    if (found) {
      return found;
    }
  }
  return null;
}
