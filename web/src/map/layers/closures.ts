import type { LonLat } from '../../api/contract';
import { type Tokens, tokens } from '../../shell/theme';
import type { MapClosure } from '../content';
import type { Context, Project } from '../pinned';
import type { Scene } from '../scene';

const barPixels = 12;
/** Bars stand close where nothing passes, far apart where it is only slow. */
const closeBars = 14;
const farBars = 42;
const dash = [9, 7];

/**
 * Closures and slow-downs: a line with bars across, dashed where it is only planned. Over streets and under every symbol; grey, for who
 * drives is led around it.
 */
export function drawClosures(context: Context, { closures, closureId, drawing, theme, room }: Scene, project: Project): void {
  const token = tokens[theme];
  for (const closure of closures) {
    const lines = closure.lines.map((line) => line.map(project)).filter((points) => isInside(points, room));
    drawClosure(context, lines, closure, closure.id === closureId, token, room);
  }
  if (drawing) {
    drawDrawing(context, drawing, token, project);
  }
}

/** What makes the picture another one, in short: their lines are long. */
export const closuresKey = ({ closures, closureId, drawing }: Scene): unknown => [
  closures.map(({ id, version, isPlanned }) => `${id}.${version}.${isPlanned}`),
  closureId,
  drawing,
];

type Pixels = [x: number, y: number];

function drawClosure(
  context: Context,
  lines: readonly Pixels[][],
  { isPlanned, isSlow }: MapClosure,
  isSelected: boolean,
  token: Tokens,
  room: Pixels,
) {
  const stroke = (width: number, ink: string) => {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  };
  context.lineCap = 'butt';
  context.lineJoin = 'round';
  trace(context, lines);
  if (isSelected) {
    // Black and white, as every selection on the map.
    stroke(13, '#0E1115');
    stroke(9, '#FFFFFF');
  } else {
    stroke(6, token.casing);
  }
  // By day the line is dark, by night light: on the white of a selection it is always dark.
  const ink = isSelected ? '#0E1115' : token.text;
  context.setLineDash(isPlanned ? dash : []);
  stroke(3, ink);
  context.setLineDash([]);
  context.beginPath();
  for (const points of lines) {
    for (const [[x, y], [right, down]] of barsAlong(points, isSlow ? farBars : closeBars, room)) {
      context.moveTo(x - (down * barPixels) / 2, y + (right * barPixels) / 2);
      context.lineTo(x + (down * barPixels) / 2, y - (right * barPixels) / 2);
    }
  }
  stroke(2.5, ink);
}

/** All lines as one path: where streets meet, nothing is laid over the other. */
function trace(context: Context, lines: readonly Pixels[][]) {
  context.beginPath();
  for (const [first, ...others] of lines) {
    if (first) {
      context.moveTo(...first);
    }
    for (const at of others) {
      context.lineTo(...at);
    }
  }
}

/** Where bars stand within the room, each with the direction of the line there. */
export function barsAlong(points: readonly Pixels[], every: number, room: Pixels): [at: Pixels, along: Pixels][] {
  const bars: [Pixels, Pixels][] = [];
  let next = every / 2;
  let before = 0;
  points.slice(1).forEach(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? [x, y];
    const length = Math.hypot(x - fromX, y - fromY);
    if (length === 0) {
      return;
    }
    const along: Pixels = [(x - fromX) / length, (y - fromY) / length];
    if (!isInside([points[index] ?? [x, y], [x, y]], room)) {
      next += Math.max(0, Math.ceil((before + length - next) / every)) * every;
    }
    for (; next <= before + length; next += every) {
      const at: Pixels = [fromX + along[0] * (next - before), fromY + along[1] * (next - before)];
      if (isInside([at], room)) {
        bars.push([at, along]);
      }
    }
    before += length;
  });
  return bars;
}

function drawDrawing(
  context: Context,
  { points, lines, isArea }: NonNullable<Scene['drawing']>,
  token: Tokens,
  project: Project,
) {
  context.lineCap = 'round';
  context.lineWidth = 8;
  context.strokeStyle = `${token.link}80`;
  trace(
    context,
    lines.map((line) => line.map(project)),
  );
  context.stroke();
  context.beginPath();
  for (const at of points) {
    context.lineTo(...project(at));
  }
  if (isArea && points.length > 2) {
    context.closePath();
  }
  context.setLineDash([6, 5]);
  for (const [width, ink] of [
    [5, token.casing],
    [2, token.link],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
  context.setLineDash([]);
  // Of a line along a street only the ends are handled.
  for (const at of points.length > 40 ? [points[0], points.at(-1)] : points) {
    const [x, y] = project(at as LonLat);
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fillStyle = token.raised;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = token.link;
    context.stroke();
  }
}

/** Whether the box of these points meets the screen, with room for a bar. */
function isInside(points: readonly Pixels[], [width, height]: Pixels): boolean {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return left < width + barPixels && right > -barPixels && top < height + barPixels && bottom > -barPixels;
}

/** How far a point of the screen is from the line, in pixels. */
export function pixelsToLine([x, y]: Pixels, points: readonly Pixels[]): number {
  let least = Infinity;
  points.slice(1).forEach(([toX, toY], index) => {
    const [fromX, fromY] = points[index] ?? [toX, toY];
    const [right, down] = [toX - fromX, toY - fromY];
    const square = right * right + down * down;
    const part = square > 0 ? Math.min(1, Math.max(0, ((x - fromX) * right + (y - fromY) * down) / square)) : 0;
    least = Math.min(least, Math.hypot(fromX + part * right - x, fromY + part * down - y));
  });
  return least;
}
