import { create } from 'zustand';

// What works and what does not, as the top bar and the degraded band say it.

export type Link = 'unknown' | 'up' | 'down';

interface Health {
  network: Link;
  board: Link;
  positions: Link;
  incidents: Link;
  hospitals: Link;
  roads: Link;
  /** The exchange; unknown where there is none. */
  telephony: Link;
  /** Server time (ms) of the last board that was read. */
  boardReadAt: number | null;
}

export const useHealth = create<Health>(() => ({
  network: 'unknown',
  board: 'unknown',
  positions: 'unknown',
  incidents: 'unknown',
  hospitals: 'unknown',
  roads: 'unknown',
  telephony: 'unknown',
  boardReadAt: null,
}));

export type Loss = 'network' | 'board' | 'positions' | 'incidents' | 'hospitals' | 'roads' | 'telephony';

/** What the band says, the worst first. A dead network explains all the rest, so it is named alone. */
export function losses(health: Omit<Health, 'boardReadAt'>): Loss[] {
  if (health.network === 'down') {
    return ['network'];
  }
  return (['board', 'telephony', 'positions', 'incidents', 'hospitals', 'roads'] as const).filter(
    (part) => health[part] === 'down',
  );
}

/** Live is what the dispatcher sees move: both feeds. */
export function liveState(health: Pick<Health, 'network' | 'positions' | 'incidents'>): Link {
  const parts = [health.network, health.positions, health.incidents];
  if (parts.includes('down')) {
    return 'down';
  }
  return parts.includes('unknown') ? 'unknown' : 'up';
}

export function report(part: Loss, link: Link): void {
  if (useHealth.getState()[part] !== link) {
    useHealth.setState({ [part]: link });
  }
}
