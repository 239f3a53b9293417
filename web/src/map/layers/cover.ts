import { tokens } from '../../shell/theme';
import type { Context, Project } from '../pinned';
import type { Scene } from '../scene';

/** Pixels between two lines of a hatch. */
const every = 8;

type Box = [left: number, top: number, width: number, height: number];

/** Gaps of cover alone are inked: late ones hatched at 45°, bare ones cross-hatched. Below everything else, for it is about the city. */
export function drawCover(context: Context, { cover, theme, room }: Scene, project: Project): void {
  if (!cover) {
    return;
  }
  const boxesOf = (corners: (typeof cover)['near']) =>
    corners.flatMap(([southWest, northEast]) => {
      const box = boxOf(project(southWest), project(northEast));
      return meets(box, room) ? [box] : [];
    });
  const [near, beyond] = [boxesOf(cover.near), boxesOf(cover.beyond)];
  context.strokeStyle = tokens[theme].text2;
  context.lineWidth = 1.25;
  hatch(context, [...near, ...beyond], room, 1);
  hatch(context, beyond, room, -1);
}

/** What makes the picture another one, in short. */
export const coverKey = ({ cover }: Scene): unknown => cover?.version ?? null;

/** Whole pixels: squares that lie side by side leave no seam between them. */
export function boxOf([left, bottom]: [number, number], [right, top]: [number, number]): Box {
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return [x, y, Math.max(1, Math.floor(right) - x), Math.max(1, Math.floor(bottom) - y)];
}

const meets = ([left, top, width, height]: Box, [roomWidth, roomHeight]: [number, number]): boolean =>
  left < roomWidth && top < roomHeight && left + width > 0 && top + height > 0;

/** @param rise 1 upwards to the right, -1 downwards. */
function hatch(context: Context, boxes: readonly Box[], [width, height]: [number, number], rise: 1 | -1) {
  if (boxes.length === 0) {
    return;
  }
  context.save();
  context.beginPath();
  for (const box of boxes) {
    context.rect(...box);
  }
  context.clip();
  context.beginPath();
  // One set of lines through all squares, so that a gap of many squares reads as one.
  for (let start = -height; start < width + height; start += every * Math.SQRT2) {
    context.moveTo(start, rise === 1 ? height : 0);
    context.lineTo(start + height, rise === 1 ? 0 : height);
  }
  context.stroke();
  context.restore();
}
