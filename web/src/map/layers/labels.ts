import { TextLayer } from '@deck.gl/layers';
import { fontFamily, tokens } from '../../shell/theme';
import { colour } from '../colour';
import type { Label } from '../labels';
import type { Scene } from '../scene';

/** The labels that found room. */
export function labelLayers({ labels, theme, frame }: Scene) {
  if (labels.length === 0) {
    // A text layer without a character would ask for an empty picture of its font.
    return [];
  }
  const token = tokens[theme];
  return [
    new TextLayer<Label>({
      id: 'labels',
      data: labels,
      characterSet: 'auto',
      fontFamily,
      fontWeight: 600,
      fontSettings: { sdf: true, fontSize: 48, buffer: 6, radius: 14 },
      outlineWidth: 5,
      outlineColor: colour(token.casing),
      getText: (label) => label.text,
      getPosition: (label) => label.at,
      getSize: (label) => label.size,
      getColor: colour(token.text),
      getPixelOffset: (label) => label.offset,
      getTextAnchor: (label) => label.anchor,
      getAlignmentBaseline: 'center',
      updateTriggers: { getPosition: frame },
    }),
  ];
}
