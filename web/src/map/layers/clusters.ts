import { ScatterplotLayer, TextLayer } from '@deck.gl/layers';
import { fontFamily, tokens } from '../../shell/theme';
import { type Cluster, clusterRadius } from '../clusters';
import { colour } from '../colour';
import type { Scene } from '../scene';

/** Hollow rings, for they ask nothing of the dispatcher, each with how many it stands for: a part of the symbol, no label. */
export function clusterLayers({ clusters, zoom, theme }: Scene) {
  if (clusters.length === 0) {
    // As for labels: a text layer without a character would ask for an empty picture of its font.
    return [];
  }
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
    new TextLayer<Cluster>({
      id: 'cluster-counts',
      data: clusters,
      characterSet: '0123456789',
      fontFamily,
      fontWeight: 600,
      fontSettings: { sdf: true, fontSize: 48, buffer: 6, radius: 14 },
      getText: ({ count }) => String(count),
      getPosition: ({ at }) => at,
      getSize: 16,
      getColor: colour(token.text2),
      getPixelOffset: [0, 1],
      getAlignmentBaseline: 'center',
    }),
  ];
}
