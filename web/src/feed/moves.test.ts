import { describe, expect, it } from 'vitest';
import { Fleet } from './fleet';
import { MoveReader, type Moves } from './moves';

const start = Date.parse('2026-11-25T02:00:00.3Z') / 100;
const snapshot: Moves = [
  true,
  [
    [3, 'bus-3', '鲁E00003', 'bus'],
    [70, 'fire-70', '鲁E00070', 'fire'],
  ],
  [3, 118_500_000, 37_400_000, 40, 90, start, 67, 118_600_001, 37_500_002, -1, -1, start - 50],
  [],
];

describe('moves', () => {
  it('say who is there and where', () => {
    const fleet = new Fleet();
    expect(new MoveReader(fleet).read(snapshot)).toEqual([0, 1]);
    expect(fleet.find('bus-3')).toEqual({
      vehicleId: 'bus-3',
      plate: '鲁E00003',
      kind: 'bus',
      lon: 118.5,
      lat: 37.4,
      speedKmh: 40,
      headingDegrees: 90,
      time: '2026-11-25T02:00:00.300Z',
    });
    expect(fleet.find('fire-70')).toMatchObject({ lon: 118.600001, lat: 37.500002, speedKmh: null, headingDegrees: null });
  });

  it('count from what was told before', () => {
    const fleet = new Fleet();
    const reader = new MoveReader(fleet);
    reader.read(snapshot);
    reader.read([false, [], [70, 20, -20, 31, 181, 60], []]);
    reader.read([false, [], [3, 1, 1, 0, 0, 10, 67, 20, -20, 0, 0, 10], []]);
    expect(fleet.find('fire-70')).toMatchObject({ lon: 118.600041, lat: 37.499962, speedKmh: 30, headingDegrees: 180 });
    expect(fleet.find('bus-3')).toMatchObject({ lon: 118.500001, time: '2026-11-25T02:00:01.300Z' });
  });

  it('tell who left, and a new viewport who is not in it', () => {
    const fleet = new Fleet();
    const reader = new MoveReader(fleet);
    reader.read(snapshot);
    reader.read([false, [], [70, 900_000, 0, 0, 0, 10], [70]]);
    expect([...fleet.here.slice(0, 2)]).toEqual([1, 0]);
    reader.read([true, [], [], []]);
    expect([...fleet.here.slice(0, 2)]).toEqual([0, 0]);
    // The lists still know where they were seen last.
    expect(fleet.find('fire-70')).toMatchObject({ lon: 119.500001 });
  });

  it('after a lost connection come under other numbers, in the slots they had', () => {
    const fleet = new Fleet();
    new MoveReader(fleet).read(snapshot);
    new MoveReader(fleet).read([true, [[0, 'fire-70', '鲁E00070', 'fire']], [0, 118_000_000, 37_000_000, 0, 0, start + 30], []]);
    expect(fleet.slotOf('fire-70')).toBe(1);
    expect(fleet.find('fire-70')).toMatchObject({ lon: 118, lat: 37 });
    expect([...fleet.here.slice(0, 2)]).toEqual([0, 1]);
  });

  it('do not set back a vehicle whose own screen measured something newer', () => {
    const fleet = new Fleet();
    const reader = new MoveReader(fleet);
    reader.read(snapshot);
    fleet.put(0, 118.7, 37.7, 50, 0, (start + 100) * 100);
    expect(reader.read([false, [], [3, 1, 1, 0, 0, 10], []])).toEqual([]);
    expect(fleet.find('bus-3')).toMatchObject({ lon: 118.7 });
  });

  it('of five thousand vehicles fill the columns without losing one', () => {
    const fleet = new Fleet();
    const reader = new MoveReader(fleet);
    const many = Array.from({ length: 5000 }, (_, number) => number);
    const introduced = many.map((number): Moves[1][number] => [number, `v${number}`, 'x', 'bus']);
    const rows = many.flatMap((number) => [number === 0 ? 0 : 1, 118_000_000 + number, 37_000_000 - number, 1, 1, start]);
    expect(reader.read([true, introduced, rows, []])).toHaveLength(5000);
    expect(fleet.find('v4999')).toMatchObject({ lon: 118.004999, lat: 36.995001 });
    expect(fleet.find('v0')).toMatchObject({ lon: 118, lat: 37 });
  });
});
