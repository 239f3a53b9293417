import type { LonLat } from '../api/contract';

// Which labels are drawn: by rank, none over another, and no more than an eye can use.

export interface Label {
  id: string;
  at: LonLat;
  text: string;
  /** Lower wins: selected 0, alarmed 1, P1 2 … */
  rank: number;
  size: number;
  /** Pixels from the place to the middle of the label, right and down. */
  offset: [right: number, down: number];
  anchor: 'start' | 'middle';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A Chinese character is as wide as it is high; Latin letters and digits take little more than half. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.58;
  }
  return width;
}

function boxOf(label: Label, [x, y]: [number, number]): Box {
  const width = textWidth(label.text, label.size);
  const left = x + label.offset[0] - (label.anchor === 'middle' ? width / 2 : 0);
  const middle = y + label.offset[1];
  return { left, right: left + width, top: middle - label.size * 0.6, bottom: middle + label.size * 0.6 };
}

const overlap = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

export const mostLabels = (zoom: number): number => (zoom < 12 ? 40 : 150);

/**
 * The labels that find room. `project` gives screen pixels; what lies outside the screen takes no room. The selected
 * one (rank 0) is always shown. `kept`: squares that no label may cover.
 */
export function placeLabels(
  labels: readonly Label[],
  project: (at: LonLat) => [number, number],
  [width, height]: [number, number],
  most: number,
  kept: readonly { at: LonLat; side: number }[] = [],
): Label[] {
  const taken = kept.map(({ at, side }): Box => {
    const [x, y] = project(at);
    return { left: x - side / 2, right: x + side / 2, top: y - side / 2, bottom: y + side / 2 };
  });
  const shown: Label[] = [];
  for (const label of [...labels].sort((one, other) => one.rank - other.rank || (one.id < other.id ? -1 : 1))) {
    if (shown.length >= most) {
      break;
    }
    const box = boxOf(label, project(label.at));
    const isOutside = box.right < 0 || box.left > width || box.bottom < 0 || box.top > height;
    if (isOutside || (label.rank > 0 && taken.some((other) => overlap(box, other)))) {
      continue;
    }
    taken.push(box);
    shown.push(label);
  }
  return shown;
}
