import type { LonLat } from '../api/contract';
import { stationsOf } from '../units/order';
import { meantBy, unitsCalled } from './names';
import type { Thing, World } from './reading';

// What can be opened or looked at on the map: units, incidents, hospitals, stations. Incidents have numbers, and are read as such.

const unitThings = ({ units }: World): Thing[] => units.map(({ id, callSign }) => ({ kind: 'unit', id, name: callSign }));

const hospitalThings = ({ destinations }: World): Thing[] => destinations.map(({ id, name }) => ({ kind: 'hospital', id, name }));

const stationThings = ({ units }: World): Thing[] => stationsOf(units).map(({ id, name }) => ({ kind: 'station', id, name }));

/** Where a unit may wait. */
export const allPosts = (world: World): Thing[] => [...stationThings(world), ...hospitalThings(world)];

export const postsOf = (word: string, world: World): Thing[] => meantBy(word, allPosts(world), ({ name }) => [name]);

export const allThings = (world: World): Thing[] => [...unitThings(world), ...allPosts(world)];

/** A unit by its call sign or plate before a place by a part of its name. */
export function thingsOf(word: string, world: World): Thing[] {
  const units = unitsCalled(word, world.units).map(({ id, callSign }): Thing => ({ kind: 'unit', id, name: callSign }));
  return units.length > 0 ? units : postsOf(word, world);
}

/** Where a place stands that does not move; null for a unit. */
export function placeOf({ kind, id }: Thing, { incidents, units, destinations }: World): LonLat | null {
  const place =
    kind === 'incident'
      ? incidents.find((incident) => incident.id === id)?.place
      : kind === 'hospital'
        ? destinations.find((destination) => destination.id === id)
        : kind === 'station'
          ? stationsOf(units).find((station) => station.id === id)
          : undefined;
  return place ? [place.lon, place.lat] : null;
}
