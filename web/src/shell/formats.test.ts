import { describe, expect, it } from 'vitest';
import { formatAge, formatDate, formatDuration, formatMeters, formatMoment, formatTime, secondsSince } from './formats';

describe('formats', () => {
  it('show the time of day of the city, whatever the zone of the text', () => {
    expect(formatTime('2026-11-24T18:14:07Z')).toBe('02:14:07');
    expect(formatTime('2026-11-25T00:00:00+08:00')).toBe('00:00:00');
    expect(formatDate(Date.parse('2026-11-24T18:14:07Z'))).toBe('2026-11-25');
  });

  it('show the day of a moment that is not today', () => {
    const now = Date.parse('2026-11-25T01:00:00+08:00');
    expect(formatMoment('2026-11-25T00:30:07+08:00', now)).toBe('00:30:07');
    expect(formatMoment('2026-11-24T23:30:07+08:00', now)).toBe('11-24 23:30');
  });

  it('show durations as minutes and seconds, with hours only where there are any', () => {
    expect(formatDuration(250)).toBe('04:10');
    expect(formatDuration(3600 + 250)).toBe('1:04:10');
  });

  it('never show less than nothing', () => {
    expect(formatDuration(-3)).toBe('00:00');
    expect(formatAge(-1)).toBe('0s');
  });

  it('show ages in seconds up to two minutes', () => {
    expect([45, 119, 120, 7199, 7200].map(formatAge)).toEqual(['45s', '119s', '2m', '119m', '2h']);
  });

  it('round distances to what a driver can use', () => {
    expect(formatMeters(846)).toBe('850 m');
    expect(formatMeters(3449)).toBe('3.4 km');
  });

  it('count from a moment in whole seconds', () => {
    expect(secondsSince('1970-01-01T00:01:00.900Z', 100)).toBe(40);
  });
});
