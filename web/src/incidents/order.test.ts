import { describe, expect, it } from 'vitest';
import type { IncidentStatus, Priority } from '../api/contract';
import { atMinute } from '../shell/fixtures';
import { mayRecall, milestonesAfter, nextMilestone } from './milestones';
import { holdOrder, neighbour, running, waiting } from './order';

const incident = (id: string, status: IncidentStatus, priority: Priority, minute: number) => ({
  id,
  status,
  priority,
  receivedAt: atMinute(minute, '+08:00'),
});

const board = [
  incident('late1', 'waiting', 1, 9),
  incident('early1', 'waiting', 1, 5),
  incident('early3', 'waiting', 3, 1),
  incident('done', 'closed', 1, 0),
  incident('work', 'running', 2, 3),
];

describe('the lists', () => {
  it('put the oldest incident of the highest priority on top', () => {
    expect(waiting(board).map((row) => row.id)).toEqual(['early1', 'late1', 'early3']);
  });

  it('put those closed lately after those at work', () => {
    expect(running(board).map((row) => row.id)).toEqual(['work', 'done']);
  });
});

describe('the next incident', () => {
  it('goes through both lists and begins again', () => {
    expect(neighbour(board, null, 1)).toBe('early1');
    expect(neighbour(board, 'early3', 1)).toBe('work');
    expect(neighbour(board, 'work', 1)).toBe('early1');
    expect(neighbour(board, 'early1', -1)).toBe('work');
  });

  it('is none on an empty board', () => {
    expect(neighbour([], 'x', 1)).toBeNull();
  });
});

describe('a list under the hand', () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id }));
  const shown = holdOrder([], rows('a', 'b', 'c'), false);

  it('keeps every row in its place while rows come and go', () => {
    const held = holdOrder(shown, rows('x', 'a', 'c'), true);
    expect(held.map(({ row, gone }) => row.id + (gone ? '†' : ''))).toEqual(['a', 'b†', 'c', 'x']);
  });

  it('takes the true order when the hand leaves', () => {
    expect(holdOrder(shown, rows('x', 'a', 'c'), false).map(({ row }) => row.id)).toEqual(['x', 'a', 'c']);
  });
});

describe('milestones', () => {
  it('have a usual next step until the unit is available again', () => {
    const walked: string[] = [];
    for (let next = nextMilestone('notified'); next; next = nextMilestone(next)) {
      walked.push(next);
    }
    expect(walked).toEqual([
      'acknowledged',
      'enRoute',
      'onScene',
      'atPatient',
      'leftScene',
      'atDestination',
      'handedOver',
      'available',
    ]);
  });

  it('let a unit become available from the scene without transport', () => {
    expect(milestonesAfter('onScene')).toContain('available');
    expect(milestonesAfter('leftScene')).not.toContain('available');
  });

  it('end the possibility of recall once the patient is on board', () => {
    expect(mayRecall('atPatient')).toBe(true);
    expect(mayRecall('leftScene')).toBe(false);
    expect(mayRecall('available')).toBe(false);
  });
});
