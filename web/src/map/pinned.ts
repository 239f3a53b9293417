import type { Map as BaseMap } from 'maplibre-gl';
import type { LonLat } from '../api/contract';
import { worldOf } from '../shell/geo';

/** What a picture of the map was drawn for. */
export interface View {
  /** Its middle, on the world of `worldOf`. */
  center: [x: number, y: number];
  /** Pixels of the whole world. */
  scale: number;
  width: number;
  height: number;
  /** Pixels of the screen in one of these. */
  ratio: number;
}

export function viewOf(base: BaseMap): View {
  const { lng, lat } = base.getCenter();
  const { clientWidth: width, clientHeight: height } = base.getContainer();
  return { center: worldOf([lng, lat]), scale: 512 * 2 ** base.getZoom(), width, height, ratio: window.devicePixelRatio };
}

/** How a picture for one view lies on another: it travels and grows with the map until it is drawn anew. */
export function pinOf(drawn: View, now: View): string {
  const grown = now.scale / drawn.scale;
  const right = (now.width - grown * drawn.width) / 2 + (drawn.center[0] - now.center[0]) * now.scale;
  const down = (now.height - grown * drawn.height) / 2 + (drawn.center[1] - now.center[1]) * now.scale;
  return `translate(${right}px, ${down}px) scale(${grown})`;
}

/** A canvas over the base map that need not be drawn whenever the map is moved. */
export class PinnedCanvas {
  readonly element = document.createElement('canvas');
  private drawn: View | null = null;

  /** Whoever makes it puts `element` where it belongs. */
  constructor(protected readonly base: BaseMap) {
    this.element.className = 'map-pinned';
    base.on('render', () => this.pin());
  }

  /** Its picture is that of `view` from now on. */
  show(view: View): void {
    this.drawn = view;
    this.element.style.width = `${view.width}px`;
    this.element.style.height = `${view.height}px`;
    this.pin();
  }

  private pin() {
    if (this.drawn) {
      this.element.style.transform = pinOf(this.drawn, viewOf(this.base));
    }
  }
}

export type Context = CanvasRenderingContext2D;
export type Project = (at: LonLat) => [x: number, y: number];

/** Shapes and letters that are few, drawn without the graphics card: where there is none, this thread need not wait for it. */
export class Sketch extends PinnedCanvas {
  private picture = '';

  /** Draws `what` where it, or the view, is another one than before. */
  draw(what: unknown, paint: (context: Context, project: Project) => void): void {
    const { element } = this;
    const view = viewOf(this.base);
    const picture = JSON.stringify([what, view]);
    const context = element.getContext('2d');
    if (picture === this.picture || !context) {
      return;
    }
    this.picture = picture;
    const [width, height] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    if (element.width !== width || element.height !== height) {
      [element.width, element.height] = [width, height];
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    paint(context, (at) => {
      const { x, y } = this.base.project(at);
      return [x, y];
    });
    this.show(view);
  }

  /** The same is drawn again at the next time: its letters came. */
  forget(): void {
    this.picture = '';
  }
}
