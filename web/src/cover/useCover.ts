import { useQuery } from '@tanstack/react-query';
import type { LonLat } from '../api/contract';
import { request } from '../api/request';
import type { MapCover } from '../map/content';

/** Where no free unit of an agency would be in time, as GeoJSON of squares about 1 km wide. */
export interface Cover {
  agency: string;
  /** Since when it is as it is. */
  computedAt: string;
  targetMinutes: number;
  nearMinutes: number;
  /** How many units are free. */
  units: number;
  /** All of the city: reached within the target, later, or not even then. */
  addresses: number;
  within: number;
  near: number;
  beyond: number;
  features: {
    id: string;
    geometry: { type: 'Polygon'; coordinates: LonLat[][] };
    properties: { level: 'near' | 'beyond'; addresses: number };
  }[];
}

const pollMs = 10_000;

/** Asked each ten seconds; where nothing changed the answer is short. */
export const useCover = () =>
  useQuery({
    queryKey: ['cover'],
    queryFn: ({ signal }) => request<Cover>('GET', '/api/cover', { signal }),
    refetchInterval: pollMs,
  });

/** As the map draws it: the south-west and the north-east corner of each square. */
export function mapCoverOf(cover: Cover): MapCover {
  const boxes = (wanted: 'near' | 'beyond') =>
    cover.features
      .filter(({ properties }) => properties.level === wanted)
      .flatMap(({ geometry }) => {
        const ring = geometry.coordinates[0];
        return ring?.[0] && ring[2] ? [[ring[0], ring[2]] as [LonLat, LonLat]] : [];
      });
  return { version: `${cover.agency} ${cover.computedAt}`, near: boxes('near'), beyond: boxes('beyond') };
}
