import { expect, it } from 'vitest';
import { ringPixels } from './layers/uncertainty';

it('a ring is as wide as the place is uncertain, whatever the latitude', () => {
  // A hundred thousand pixels to the degree of longitude.
  const project = ([lon, lat]: [number, number]): [number, number] => [lon * 100_000, -lat * 100_000];
  expect(ringPixels({ at: [118, 0], certaintyMeters: 111_195 }, project)).toBeCloseTo(100_000, 0);
  expect(ringPixels({ at: [118, 60], certaintyMeters: 111_195 }, project)).toBeCloseTo(200_000, 0);
});
