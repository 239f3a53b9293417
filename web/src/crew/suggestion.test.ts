import { describe, expect, it } from 'vitest';
import { suggestedMilestone } from './suggestion';

const there = { metersToTarget: 60, speedKmh: 4, ageSeconds: 2, accuracyMeters: 8 };

describe('the position suggests', () => {
  it('the arrival at the scene, near and slow', () => {
    expect(suggestedMilestone('enRoute', there)).toBe('onScene');
    expect(suggestedMilestone('enRoute', { ...there, metersToTarget: 80 })).toBe('onScene');
  });

  it('the arrival at the hospital, whose yard is larger', () => {
    expect(suggestedMilestone('leftScene', { ...there, metersToTarget: 140 })).toBe('atDestination');
  });

  it('nothing while driving past, far off, or by an old, vague or speedless position', () => {
    for (const wrong of [
      { metersToTarget: 81 },
      { speedKmh: 10 },
      { speedKmh: null },
      { ageSeconds: 31 },
      { ageSeconds: null },
      { accuracyMeters: 300 },
      { metersToTarget: null },
    ]) {
      expect([wrong, suggestedMilestone('enRoute', { ...there, ...wrong })]).toEqual([wrong, null]);
    }
  });

  it('nothing for a step that no place speaks for', () => {
    for (const status of ['notified', 'acknowledged', 'onScene', 'atPatient', 'atDestination', 'handedOver'] as const) {
      expect(suggestedMilestone(status, there)).toBeNull();
    }
  });
});
