import { fontFamily, tokens } from '../../shell/theme';
import { clusterRadius } from '../clusters';
import type { Context, Project, Sketch } from '../pinned';
import type { Scene } from '../scene';
import { closuresKey, drawClosures } from './closures';
import { drawUncertainty } from './uncertainty';

/**
 * What lies beneath every symbol: closures, the way a unit would take, the rings that stand for vehicles counted together, and how uncertain
 * a place is.
 */
export function drawGround(sketch: Sketch, scene: Scene): void {
  sketch.draw([scene.theme, scene.clusters, scene.route, scene.pin, scene.caller, closuresKey(scene)], (context, project) => {
    drawClosures(context, scene, project);
    drawRoute(context, scene, project);
    drawClusters(context, scene, project);
    drawUncertainty(context, scene, project);
  });
}

/** Cased, so that it reads over any street. */
function drawRoute(context: Context, { route, theme }: Scene, project: Project) {
  if (!route || route.length < 2) {
    return;
  }
  const token = tokens[theme];
  context.beginPath();
  for (const at of route) {
    context.lineTo(...project(at));
  }
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const [width, ink] of [
    [7, token.casing],
    [4, token.legs.toScene],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/** Hollow rings, for they ask nothing of the dispatcher, each with how many it stands for: a part of the symbol, no label. */
function drawClusters(context: Context, { clusters, zoom, theme }: Scene, project: Project) {
  const token = tokens[theme];
  context.font = `600 16px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 1.5;
  for (const { at, count } of clusters) {
    const [x, y] = project(at);
    context.beginPath();
    context.arc(x, y, clusterRadius(count, zoom), 0, 2 * Math.PI);
    context.fillStyle = `${token.panel}D2`;
    context.fill();
    context.strokeStyle = token.text3;
    context.stroke();
    context.fillStyle = token.text2;
    context.fillText(String(count), x, y + 1);
  }
}
