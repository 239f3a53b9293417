import { describe, expect, it } from 'vitest';
import type { AssignmentStatus } from '../api/contract';
import { milestonesAfter, nextMilestone, otherMilestone } from './milestones';

const branching: AssignmentStatus[] = ['notified', 'onScene', 'atPatient'];

describe('the milestones that may follow', () => {
  it('each have a key of their own: the next, the hospital, the other one', () => {
    for (const status of branching) {
      const [next, ...others] = milestonesAfter(status);
      const reached = [otherMilestone(status), ...others.filter((milestone) => milestone === 'leftScene')];
      expect(nextMilestone(status)).toBe(next);
      expect(new Set(reached.filter((milestone) => milestone !== null))).toEqual(new Set(others));
    }
  });

  it('leave the scene without a patient by the other key', () => {
    expect(otherMilestone('onScene')).toBe('available');
    expect(otherMilestone('atPatient')).toBe('available');
    expect(otherMilestone('notified')).toBe('enRoute');
    expect(otherMilestone('enRoute')).toBeNull();
  });
});
