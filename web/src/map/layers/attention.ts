import { IconLayer, ScatterplotLayer } from '@deck.gl/layers';
import type { LonLat } from '../../api/contract';
import { tokens } from '../../shell/theme';
import { colour } from '../colour';
import type { Scene } from '../scene';
import { cellPixels } from '../symbols';

/** What this desk is looking at: the place of the open form with its uncertainty, one that was searched for, and the rings of the selection. */
export function attentionLayers({ selected, pin, found, atlas, theme, frame }: Scene) {
  const token = tokens[theme];
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
    ...(pin && pin.certaintyMeters > 50
      ? [
          new ScatterplotLayer<LonLat>({
            id: 'uncertainty',
            data: [pin.at],
            getPosition: (at) => at,
            getRadius: pin.certaintyMeters,
            getFillColor: colour(token.text, 20),
            getLineColor: colour(token.text),
            stroked: true,
            lineWidthUnits: 'pixels',
            getLineWidth: 1.5,
          }),
        ]
      : []),
    icon('selection', 'ring', selected),
    icon(
      'pin',
      'pin',
      [pin?.at, found].filter((at) => at != null).map((at) => ({ at, offset: [0, 0] })),
    ),
  ];
}
