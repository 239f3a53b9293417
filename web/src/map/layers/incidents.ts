import { IconLayer } from '@deck.gl/layers';
import type { IncidentSummary } from '../../api/contract';
import type { Scene } from '../scene';
import { incidentMark, incidentSymbol } from '../symbolChoice';
import { cellPixels } from '../symbols';

/** Diamonds; the most urgent are drawn last, over the others. */
export function incidentLayers({ incidents, atlas }: Scene) {
  return [
    new IconLayer<IncidentSummary>({
      id: 'incidents',
      data: [...incidents].sort((one, other) => other.priority - one.priority),
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.cells,
      getIcon: (incident) => incidentSymbol(incident.priority, incidentMark(incident), incident.place.readBack),
      getPosition: ({ place }) => [place.lon, place.lat],
      getSize: cellPixels,
    }),
  ];
}
