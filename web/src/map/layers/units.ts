import { IconLayer, ScatterplotLayer } from '@deck.gl/layers';
import { tokens } from '../../shell/theme';
import { colour } from '../colour';
import type { FleetMark, Scene, UnitMark } from '../scene';
import { showsHeading, unitSymbol } from '../symbolChoice';
import { cellPixels } from '../symbols';

/** Our units, and the rest of the city's fleet as plain discs beneath them. */
export function unitLayers({ units, fleet, atlas, theme, frame }: Scene) {
  const token = tokens[theme];
  return [
    new ScatterplotLayer<FleetMark>({
      id: 'fleet',
      data: fleet,
      getPosition: (mark) => mark.at,
      getRadius: 4,
      radiusUnits: 'pixels',
      getFillColor: colour(token.text3),
      getLineColor: colour(token.casing),
      lineWidthUnits: 'pixels',
      getLineWidth: 1.5,
      stroked: true,
      updateTriggers: { getPosition: frame },
    }),
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
      getIcon: (mark) => unitSymbol(mark.state, mark.age),
      getPosition: (mark) => mark.at,
      getSize: cellPixels,
      getPixelOffset: (mark) => mark.offset,
      pickable: true,
      updateTriggers: { getPosition: frame, getIcon: frame, getPixelOffset: frame },
    }),
  ];
}
