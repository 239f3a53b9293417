import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LonLat } from '../api/contract';
import { server } from '../api/server';
import type { UnitView } from '../units/api';
import { rowsByStation, stationsOf } from '../units/order';
import { mapRows, middleOf, type Placed } from './mapOrder';

export interface District extends Placed {
  nameEn: string;
  units: UnitView[];
}

type DistrictName = Pick<District, 'name' | 'nameEn'>;

const unknown: DistrictName = { name: '', nameEn: '' };

/** Units by the district of their station. One that is not known yet, or lies in none, is named by the blank. */
export function districtsOf(units: readonly UnitView[], districtOf: ReadonlyMap<string, DistrictName>): District[][] {
  const districts = new Map<string, DistrictName & { units: UnitView[] }>();
  for (const unit of rowsByStation(units)) {
    const { name, nameEn } = districtOf.get(unit.stationId) ?? unknown;
    const district = districts.get(name) ?? { name, nameEn, units: [] };
    district.units.push(unit);
    districts.set(name, district);
  }
  return mapRows(
    [...districts.values()].map((district) => ({
      ...district,
      at: middleOf(district.units.map(({ stationLon, stationLat }): LonLat => [stationLon, stationLat])),
    })),
  );
}

/** The unit board: rows of districts. Null until every station's district was asked for. */
export function useDistricts(units: readonly UnitView[] | undefined): District[][] | null {
  const stations = useMemo(() => stationsOf(units ?? []), [units]);
  const { districtOf, isPending } = useQueries({
    queries: stations.map(({ id, lon, lat }) => ({
      queryKey: ['district', id, lon, lat],
      queryFn: () => server.placeAt([lon, lat]),
      // A station does not move.
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (answers) => ({
      isPending: answers.some((answer) => answer.isPending),
      districtOf: new Map(stations.map(({ id }, index) => [id, answers[index]?.data?.district ?? unknown])),
    }),
  });
  return useMemo(() => (units && !isPending ? districtsOf(units, districtOf) : null), [units, isPending, districtOf]);
}
