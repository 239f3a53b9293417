import type { Map as BaseMap } from 'maplibre-gl';
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

/** A canvas between the base map and the symbols over it that need not be drawn whenever the map is moved. */
export class PinnedCanvas {
  readonly element = document.createElement('canvas');
  private drawn: View | null = null;

  constructor(private readonly base: BaseMap) {
    this.element.className = 'map-pinned';
    base.getCanvasContainer().append(this.element);
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
