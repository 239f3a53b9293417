import { IconLayer } from '@deck.gl/layers';
import type { Scene, UnitMark } from '../scene';
import { frameOf, showsHeading, unitSymbol } from '../symbolChoice';
import { cellPixels } from '../symbols';

/** Our units. */
export function unitLayers({ units, atlas, frame }: Scene) {
  return [
    new IconLayer<UnitMark>({
      id: 'unit-headings',
      data: units.filter((mark) => showsHeading(mark.place, mark.age)),
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.cells,
      getIcon: (mark) => `wedge.${mark.state}`,
      getPosition: (mark) => mark.at,
      getSize: cellPixels,
      // Headings turn clockwise, deck.gl counter-clockwise.
      getAngle: (mark) => -(mark.place.headingDegrees ?? 0),
      getPixelOffset: (mark) => mark.offset,
      updateTriggers: { getPosition: frame, getAngle: frame, getIcon: frame, getPixelOffset: frame },
    }),
    new IconLayer<UnitMark>({
      id: 'units',
      data: units,
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.cells,
      getIcon: (mark) => unitSymbol(frameOf(mark.unit.agency), mark.state, mark.age),
      getPosition: (mark) => mark.at,
      getSize: cellPixels,
      getPixelOffset: (mark) => mark.offset,
      updateTriggers: { getPosition: frame, getIcon: frame, getPixelOffset: frame },
    }),
  ];
}
