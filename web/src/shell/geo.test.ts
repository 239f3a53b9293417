import { expect, it } from 'vitest';
import { formatPoint, metersBetween } from './geo';

it('a degree of latitude is 111 km, a degree of longitude less the farther north', () => {
  expect(metersBetween([118, 37], [118, 38])).toBeCloseTo(111_195, -1);
  expect(metersBetween([118, 37], [119, 37])).toBeCloseTo(88_800, -2);
  expect(metersBetween([118, 37], [118, 37])).toBe(0);
});

it('a point is written to the metre, longitude first', () => {
  expect(formatPoint([118.672131, 37.43])).toBe('118.67213, 37.43000');
});
