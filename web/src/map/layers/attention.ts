import { IconLayer } from '@deck.gl/layers';
import type { Scene } from '../scene';
import { cellPixels } from '../symbols';

/** What this desk is looking at: the place of the open form, one that was searched for, and the rings of the selection. */
export function attentionLayers({ selected, pin, found, atlas, frame }: Scene) {
  const icon = (id: string, symbol: string, data: Scene['selected']) =>
    new IconLayer<Scene['selected'][number]>({
      id,
      data,
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.cells,
      getIcon: () => symbol,
      getPosition: (place) => place.at,
      getPixelOffset: (place) => place.offset,
      getSize: cellPixels,
      updateTriggers: { getPosition: frame, getPixelOffset: frame },
    });
  return [
    icon('selection', 'ring', selected),
    icon(
      'pin',
      'pin',
      [pin?.at, found].filter((at) => at != null).map((at) => ({ at, offset: [0, 0] })),
    ),
  ];
}
