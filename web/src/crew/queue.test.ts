import { describe, expect, it } from 'vitest';
import type { AssignmentView } from '../api/contract';
import { nextMilestone } from '../incidents/milestones';
import { atMinute } from '../shell/fixtures';
import { add, countWaiting, nextToSend, type Press, readQueue, releaseAll, remove, standingAfter, undo, undoable } from './queue';

const press = (milestone: Press['milestone'], dueAt: number, more: Partial<Press> = {}): Press => ({
  commandId: milestone,
  assignmentId: 'a',
  incidentNumber: 'I3',
  milestone,
  at: atMinute(dueAt / 1000),
  destinationId: null,
  destinationName: null,
  dueAt,
  ...more,
});

const assignment: AssignmentView = {
  id: 'a',
  unitId: 'u',
  callSign: 'A12',
  status: 'notified',
  active: true,
  expectedSeconds: 250,
  destinationId: null,
  destinationName: null,
  since: atMinute(0),
  milestones: [],
  proposal: null,
};

describe('what was pressed', () => {
  const one = add([], press('acknowledged', 10_000));

  it('can be undone until it is sent', () => {
    expect(undoable(one, 9999)?.milestone).toBe('acknowledged');
    expect(nextToSend(one, 9999)).toBeNull();
    expect(undo(one, 9999)).toEqual([]);
  });

  it('is sent when the time is over, and then stays', () => {
    expect(nextToSend(one, 10_000)?.milestone).toBe('acknowledged');
    expect(undoable(one, 10_000)).toBeNull();
    expect(undo(one, 10_000)).toEqual(one);
  });

  it('is sent at once when the next is pressed, in order, each with its own time', () => {
    const two = add(one, press('enRoute', 12_000));
    expect(nextToSend(two, 2000)?.milestone).toBe('acknowledged');
    expect(undoable(two, 2000)?.milestone).toBe('enRoute');
    expect(undo(two, 2000).map(({ milestone }) => milestone)).toEqual(['acknowledged']);
    const rest = remove(two, 'acknowledged');
    expect(nextToSend(rest, 2000)).toBeNull();
    expect(two.map(({ at }) => at)).toEqual([atMinute(10), atMinute(12)]);
  });

  it('is sent when the page is left', () => expect(nextToSend(releaseAll(one), 0)?.milestone).toBe('acknowledged'));

  it('is counted as waiting only once it may be sent', () => {
    const three = add(add(one, press('enRoute', 12_000)), press('onScene', 14_000));
    expect(countWaiting(three, 13_000)).toBe(2);
    expect(countWaiting(three, 14_000)).toBe(3);
  });
});

describe('where the crew stands', () => {
  it('follows what it pressed, before the server knows', () => {
    const standing = standingAfter(assignment, [press('acknowledged', 0), press('enRoute', 5000)]);
    expect(standing).toMatchObject({ status: 'enRoute', since: atMinute(5) });
    expect(nextMilestone(standing.status)).toBe('onScene');
  });

  it('keeps the hospital that was chosen', () => {
    const queue = [press('leftScene', 0, { destinationId: 'h', destinationName: '市医院' }), press('atDestination', 0)];
    expect(standingAfter(assignment, queue)).toMatchObject({
      status: 'atDestination',
      destinationId: 'h',
      destinationName: '市医院',
    });
  });

  it('takes nothing from another task', () => {
    expect(standingAfter(assignment, [press('enRoute', 0, { assignmentId: 'other' })]).status).toBe('notified');
  });
});

describe('a stored queue', () => {
  it('comes back in order and due at once', () => {
    const queue = [press('acknowledged', 10_000), press('enRoute', 12_000)];
    expect(readQueue(JSON.stringify(queue)).map(({ milestone, dueAt }) => [milestone, dueAt])).toEqual([
      ['acknowledged', 0],
      ['enRoute', 0],
    ]);
  });

  it('that is broken is empty', () => {
    expect([readQueue(null), readQueue('{'), readQueue('{"a":1}'), readQueue('[{"commandId":1}]')]).toEqual([[], [], [], []]);
  });
});
