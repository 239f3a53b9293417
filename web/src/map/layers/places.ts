import { IconLayer } from '@deck.gl/layers';
import type { LonLat } from '../../api/contract';
import type { Scene } from '../scene';
import { cellPixels } from '../symbols';

/** What stands still: stations and hospitals. Grey, for they ask nothing of the dispatcher. */
export function placeLayers({ stations, hospitals, atlas }: Scene) {
  const still = (id: string, symbol: string, data: readonly { lon: number; lat: number }[]) =>
    new IconLayer<{ lon: number; lat: number }>({
      id,
      data,
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.cells,
      getIcon: () => symbol,
      getPosition: ({ lon, lat }): LonLat => [lon, lat],
      getSize: cellPixels,
    });
  return [still('stations', 'station', stations), still('hospitals', 'hospital', hospitals)];
}
