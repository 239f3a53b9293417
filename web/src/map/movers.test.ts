import { describe, expect, it } from 'vitest';
import { Fleet } from '../feed/fleet';
import { categoryOf } from './moverSymbols';
import { Movers } from './movers';

const server = Date.parse('2026-11-25T02:00:00Z');

function cityWith(...vehicles: [id: string, kind: string, lon: number, speed: number][]): [Fleet, Movers] {
  const fleet = new Fleet();
  const movers = new Movers(fleet);
  const slots = vehicles.map(([id, kind, lon, speed]) => {
    const slot = fleet.introduce(id, id, kind);
    fleet.put(slot, lon, 37.4, speed, 90, server);
    fleet.here[slot] = 1;
    return slot;
  });
  movers.take(slots, 5000, server, false);
  return [fleet, movers];
}

describe('the columns for the graphics card', () => {
  it('hold a place to a centimetre, a hundred kilometres from the first one', () => {
    const [, movers] = cityWith(['bus', 'bus', 118.67, 30], ['far', 'bus', 119.7912345, 30]);
    const metersAround = 40_075_016.686 * Math.cos((37.4 * Math.PI) / 180);
    const meters = ((movers.to[2] ?? 0) + movers.origin[0] - (119.7912345 + 180) / 360) * metersAround;
    expect(Math.abs(meters)).toBeLessThan(0.01);
    expect(movers.to[2]).not.toBe(0);
  });

  it('say when a glide began, how long it takes, how old the fix is and where it points', () => {
    const [fleet, movers] = cityWith(['bus', 'bus', 118.67, 30]);
    fleet.put(0, 118.671, 37.4, 30, 45, server + 2000);
    movers.take([0], 6000, server + 3000, false);
    expect([...movers.motion.slice(0, 4)]).toEqual([1, 1, 2, 45]);
    expect(movers.frameSeconds(6500)).toBe(1.5);
    expect(movers.serverSeconds(server + 3000)).toBe(3);
  });

  it('point nowhere of what stands', () => {
    const [, movers] = cityWith(['bus', 'bus', 118.67, 3]);
    expect(movers.motion[3]).toBe(-1);
  });

  it('stay right when the seconds are counted anew after hours', () => {
    const [fleet, movers] = cityWith(['bus', 'bus', 118.67, 30], ['taxi', 'taxi', 118.68, 30]);
    const later = 5000 + 4 * 3_600_000;
    fleet.put(0, 118.671, 37.4, 30, 45, server + 4 * 3_600_000);
    movers.take([0], later, server + 4 * 3_600_000, false);
    expect(movers.serverSeconds(server)).toBe(-4 * 3600);
    // The other one is four hours old now, in the same seconds.
    expect(movers.motion[4 + 2]).toBe(-4 * 3600);
  });
});

describe('the vehicles that are drawn', () => {
  it('are those in the viewport that are no units of ours', () => {
    const [fleet, movers] = cityWith(['bus', 'bus', 118.67, 30], ['A1', 'ambulance', 118.68, 30], ['far', 'bus', 118.69, 30]);
    fleet.here[2] = 0;
    movers.show(new Set(['A1']), false);
    expect([0, 1, 2].map((slot) => movers.isDrawn(slot))).toEqual([true, false, false]);
    movers.show(new Set(), true);
    expect([0, 1, 2].some((slot) => movers.isDrawn(slot))).toBe(false);
  });

  it('have the frame of their service, or a disc', () => {
    expect(['ambulance', 'fire', 'police', 'rescue', 'taxi', 'constructor'].map(categoryOf)).toEqual([1, 2, 3, 4, 0, 0]);
  });

  it('are picked where they are drawn on their way, the nearest first', () => {
    const [fleet, movers] = cityWith(['bus', 'bus', 118.67, 30], ['taxi', 'taxi', 118.6702, 30]);
    expect(movers.nearest(118.67015, 37.4, 0.0003, 0.0003, 5000)).toBe(1);
    fleet.put(1, 118.671, 37.4, 30, 90, server + 1000);
    movers.take([1], 6000, server + 1000, false);
    expect(movers.nearest(118.6706, 37.4, 0.0001, 0.0001, 6500)).toBe(1);
    expect(movers.nearest(118.6706, 37.4, 0.0001, 0.0001, 7500)).toBe(-1);
  });
});
