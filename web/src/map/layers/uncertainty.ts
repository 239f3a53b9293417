import { tokens } from '../../shell/theme';
import type { Place } from '../content';
import type { Context, Project } from '../pinned';
import type { Scene } from '../scene';

const dash = [6, 5];
/** What is surer than this, or smaller on the screen, needs no ring (design standard §5). */
const leastMeters = 50;
const leastPixels = 20;
const degreeMeters = 111_195;

/** How far off a place may be, in pixels of the map as it is now. */
export function ringPixels({ at: [lon, lat], certaintyMeters }: Place, project: Project): number {
  const east = certaintyMeters / (degreeMeters * Math.cos((lat * Math.PI) / 180));
  return project([lon + east, lat])[0] - project([lon, lat])[0];
}

/** Dashed rings around what is not known exactly: the place of the open form, and where a caller's own telephone says that it is. */
export function drawUncertainty(context: Context, { pin, caller, theme }: Scene, project: Project): void {
  const token = tokens[theme];
  for (const place of [pin, caller]) {
    const radius = place ? ringPixels(place, project) : 0;
    if (!place || radius <= leastPixels || place.certaintyMeters <= leastMeters) {
      continue;
    }
    context.beginPath();
    context.arc(...project(place.at), radius, 0, 2 * Math.PI);
    context.fillStyle = `${token.text}14`;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = token.text;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }
  if (caller) {
    drawCaller(context, project(caller.at), token.text, token.casing);
  }
}

/** A hollow disc: a person somewhere here, as measured, not yet the place of anything. */
function drawCaller(context: Context, [x, y]: [number, number], ink: string, casing: string) {
  for (const [radius, width, stroke] of [
    [8, 6, casing],
    [8, 3, ink],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.stroke();
  }
}
