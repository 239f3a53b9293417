import { describe, expect, it } from 'vitest';
import type { Offer } from './api';
import { candidateOf, nextCandidate } from './candidate';

const offer = (incidentId: string): Offer => ({
  incidentId,
  number: incidentId,
  status: 'waiting',
  address: '',
  complaint: '',
  score: 0.5,
  meters: 0,
  minutes: 0,
  reason: { zh: '', en: '' },
});

describe('the incident that is offered', () => {
  const offers = [offer('I3'), offer('I7')];

  it('is the best until somebody goes to another, which then stays though the order changes', () => {
    expect(candidateOf(offers, null)?.number).toBe('I3');
    expect(candidateOf([offer('I9'), ...offers], 'I7')?.number).toBe('I7');
    expect(candidateOf([offer('I9')], 'I7')?.number).toBe('I9');
    expect(candidateOf([], 'I7')).toBeNull();
  });

  it('changes by arrows, around the end', () => {
    expect(nextCandidate(offers, null, 1)).toBe('I7');
    expect(nextCandidate(offers, 'I7', 1)).toBe('I3');
    expect(nextCandidate(offers, null, -1)).toBe('I7');
    expect(nextCandidate([], null, 1)).toBeNull();
  });
});
