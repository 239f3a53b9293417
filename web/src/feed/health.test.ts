import { describe, expect, it } from 'vitest';
import { liveState, losses } from './health';

const well = {
  network: 'up',
  board: 'up',
  positions: 'up',
  incidents: 'up',
  hospitals: 'up',
  roads: 'up',
  telephony: 'up',
} as const;

describe('the degraded band', () => {
  it('is empty while all is well, and while nothing is known yet', () => {
    expect(losses(well)).toEqual([]);
    expect(losses({ ...well, roads: 'unknown', positions: 'unknown', telephony: 'unknown' })).toEqual([]);
  });

  it('names each lost service, the worst first', () => {
    expect(losses({ ...well, roads: 'down', positions: 'down', telephony: 'down' })).toEqual(['telephony', 'positions', 'roads']);
  });

  it('names the network alone when that is what is lost', () => {
    expect(losses({ ...well, network: 'down', board: 'down', positions: 'down', incidents: 'down' })).toEqual(['network']);
  });
});

describe('live', () => {
  it('needs both feeds', () => {
    expect(liveState(well)).toBe('up');
    expect(liveState({ ...well, incidents: 'down' })).toBe('down');
    expect(liveState({ ...well, positions: 'unknown' })).toBe('unknown');
  });
});
