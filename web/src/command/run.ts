import type { IncidentDetail } from '../api/contract';
import { server } from '../api/server';
import { positions } from '../feed/positions';
import { newDraft, placeFromGazetteer, toRequest } from '../incidents/draft';
import { locateOnMap } from '../map/control';
import { run } from '../shell/actions';
import { desk, useDesk } from '../shell/desk';
import type { UnitView } from '../units/api';
import { unitPlace } from '../units/order';
import type { Order, Thing, World } from './reading';
import { placeOf } from './things';
import { offerUndoOfDispatch, offerUndoOfPriority } from './undo';

type Send = <Answer extends IncidentDetail | UnitView>(command: () => Promise<Answer>) => Promise<Answer | null>;

/** What the log is told where the dispatcher gave no reason. */
/** What else an order needs of the desk. */
export interface Means {
  /** Of the line: sent again after a lost answer, it is the same command. */
  commandId: string;
  answer(callId: string): Promise<boolean>;
}

export interface Reasons {
  undoReason: string;
  divertReason(to: string): string;
  mergeReason: string;
}

/** Carries an order out. False: the server refused it, or did not answer. */
export async function runOrder(order: Order, world: World, texts: Reasons, send: Send, means: Means): Promise<boolean> {
  switch (order.verb) {
    case 'answer':
      return order.call !== null && means.answer(order.call.id);
    case 'new': {
      const answer = await send(() => server.openIncident(requestOf(order, means.commandId, world.now)));
      if (answer) {
        desk.selectIncident(answer.id);
        useDesk.setState({ lowerRight: 'suggestions' });
      }
      return answer !== null;
    }
    case 'dispatch': {
      const { units, incident } = order;
      const unitIds = units.map(({ id }) => id);
      const answer = await send(() => server.assign(incident.id, unitIds));
      if (answer) {
        offerUndoOfDispatch(answer, unitIds, texts.undoReason);
      }
      return answer !== null;
    }
    case 'recall':
      return sent(send(() => server.cancelAssignment(assignmentOf(order.unit), order.reason)));
    case 'divert': {
      const { unit, incident } = order;
      const reason = order.reason || texts.divertReason(incident.number);
      return sent(send(async () => (await server.divert(assignmentOf(unit), incident.id, reason)).to));
    }
    case 'status':
      return sent(send(() => server.recordMilestone(assignmentOf(order.unit), order.milestone, null, order.at)));
    case 'merge': {
      const { incident, into } = order;
      const answer = await send(() => server.merge(incident.id, into.id, texts.mergeReason));
      if (answer) {
        desk.selectIncident(into.id);
      }
      return answer !== null;
    }
    case 'standby':
      return sent(send(() => standBy(order.unit, order.post, world)));
    case 'hospital':
      return sent(send(() => server.recordMilestone(assignmentOf(order.unit), 'leftScene', order.destination.id)));
    case 'priority': {
      const { id, priority: before } = order.incident;
      const answer = await send(() => server.changePriority(id, order.priority));
      if (answer) {
        offerUndoOfPriority(answer, before);
      }
      return answer !== null;
    }
    case 'note':
      return sent(send(() => server.addNote(order.incident.id, order.text)));
    case 'close':
      return sent(send(() => server.close(order.incident.id, order.disposition, order.note)));
    case 'mute':
      return run('mute');
    case 'find':
      desk.searchFor(order.text);
      return true;
    case 'open':
      open(order.thing, world);
      return true;
    case 'locate':
      locate(order.thing, world);
      return true;
  }
}

/** As the form would send it, with what the line says; its call began before anybody typed. */
function requestOf({ place, complaint, type, priority, call }: Order & { verb: 'new' }, commandId: string, now: number) {
  const blank = newDraft(commandId, call ? Date.parse(call.receivedAt) : now);
  return toRequest({
    ...blank,
    callId: call?.id ?? null,
    type: type?.code ?? blank.type,
    priority,
    complaint,
    address: place.name,
    place: placeFromGazetteer(place),
  });
}

const sent = async (answer: Promise<unknown>) => (await answer) !== null;

function assignmentOf({ assignmentId, callSign }: { assignmentId: string | null; callSign: string }): string {
  if (assignmentId === null) {
    throw new Error(`${callSign} has no assignment; the line was checked for that.`);
  }
  return assignmentId;
}

/** At its own station it waits where it always does. */
function standBy(unit: UnitView, post: Thing, world: World): Promise<UnitView> {
  const place = placeOf(post, world);
  return post.kind === 'station' && post.id === unit.stationId
    ? server.leavePost(unit.id)
    : server.moveToPost(unit.id, post.name, place ?? [unit.stationLon, unit.stationLat]);
}

function open(thing: Thing, world: World): void {
  if (thing.kind === 'incident') {
    desk.selectIncident(thing.id);
    return;
  }
  const incidentId = world.units.find(({ id }) => id === thing.id)?.incidentId;
  if (incidentId) {
    desk.selectIncident(incidentId);
    desk.selectUnit(thing.id);
  } else {
    locate(thing, world);
  }
}

/** A place is marked, too; a unit is selected, and its symbol marks it. */
function locate(thing: Thing, world: World): void {
  const unit = thing.kind === 'unit' ? world.units.find(({ id }) => id === thing.id) : undefined;
  if (unit) {
    const { lon, lat } = unitPlace(unit, positions.find(unit.vehicleId));
    desk.selectUnit(unit.id);
    locateOnMap([lon, lat]);
    return;
  }
  const place = placeOf(thing, world);
  if (place) {
    if (thing.kind !== 'incident') {
      desk.showPlace(place);
    }
    locateOnMap(place);
  }
}
