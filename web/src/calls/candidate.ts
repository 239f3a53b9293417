import type { Offer } from './api';

// Which of the incidents that the form may tell of is looked at. Pure.

/** Somebody went to one: it stays, however the others change. Else the best, which the server puts first. */
export function candidateOf(offers: readonly Offer[], chosenId: string | null): Offer | null {
  return offers.find(({ incidentId }) => incidentId === chosenId) ?? offers[0] ?? null;
}

/** The next one in the order of probability; past the end it begins again. */
export function nextCandidate(offers: readonly Offer[], chosenId: string | null, step: 1 | -1): string | null {
  const current = candidateOf(offers, chosenId);
  if (!current) {
    return null;
  }
  return offers[(offers.indexOf(current) + step + offers.length) % offers.length]?.incidentId ?? null;
}
