import { fontFamily, tokens } from '../../shell/theme';
import type { Sketch } from '../pinned';
import type { Scene } from '../scene';

/**
 * The labels that found room, cased so that they read over any street, above every symbol. By the browser's own letters: at
 * 16 px those of a graphics card's distance field run together in Hanzi of many strokes.
 */
export function drawLabels(sketch: Sketch, { labels, theme }: Scene): void {
  const token = tokens[theme];
  sketch.draw([theme, labels], (context, project) => {
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = token.casing;
    context.fillStyle = token.text;
    for (const { text, at, size, offset, anchor } of labels) {
      const [x, y] = project(at);
      const [left, middle] = [Math.round(x + offset[0]), Math.round(y + offset[1])];
      context.font = `600 ${size}px ${fontFamily}`;
      context.textAlign = anchor === 'middle' ? 'center' : 'left';
      context.strokeText(text, left, middle);
      context.fillText(text, left, middle);
    }
  });
}
