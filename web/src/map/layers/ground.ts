import type { Map as BaseMap } from 'maplibre-gl';
import type { LonLat } from '../../api/contract';
import { fontFamily, tokens } from '../../shell/theme';
import { clusterRadius } from '../clusters';
import { PinnedCanvas, viewOf } from '../pinned';
import type { Scene } from '../scene';

/**
 * What lies beneath every symbol: the way a unit would take, and the rings that stand for vehicles counted together. A few
 * shapes that change once a second, drawn without the graphics card.
 */
export class GroundLayer {
  private readonly canvas: PinnedCanvas;
  private picture = '';

  constructor(private readonly base: BaseMap) {
    this.canvas = new PinnedCanvas(base);
  }

  draw(scene: Scene): void {
    const { element } = this.canvas;
    const view = viewOf(this.base);
    const picture = JSON.stringify([scene.theme, scene.clusters, scene.route, view]);
    if (picture === this.picture) {
      return;
    }
    this.picture = picture;
    const [width, height] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    if (element.width !== width || element.height !== height) {
      [element.width, element.height] = [width, height];
    }
    const context = element.getContext('2d');
    if (context) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      drawRoute(context, scene, (at) => this.pointOf(at));
      drawClusters(context, scene, (at) => this.pointOf(at));
    }
    this.canvas.show(view);
  }

  private pointOf(at: LonLat): [number, number] {
    const { x, y } = this.base.project(at);
    return [x, y];
  }
}

type Context = CanvasRenderingContext2D;
type Project = (at: LonLat) => [x: number, y: number];

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
