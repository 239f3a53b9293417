import { ScatterplotLayer } from '@deck.gl/layers';
import { tokens } from '../../shell/theme';
import { type Cluster, clusterRadius } from '../clusters';
import { colour } from '../colour';
import type { Scene } from '../scene';

/** Hollow rings, for they ask nothing of the dispatcher; how many each stands for is a label like any other. */
export function clusterLayers({ clusters, zoom, theme }: Scene) {
  const token = tokens[theme];
  return [
    new ScatterplotLayer<Cluster>({
      id: 'clusters',
      data: clusters,
      getPosition: ({ at }) => at,
      getRadius: ({ count }) => clusterRadius(count, zoom),
      radiusUnits: 'pixels',
      getFillColor: colour(token.panel, 210),
      getLineColor: colour(token.text3),
      lineWidthUnits: 'pixels',
      getLineWidth: 1.5,
      stroked: true,
      updateTriggers: { getRadius: Math.floor(zoom) },
    }),
  ];
}
