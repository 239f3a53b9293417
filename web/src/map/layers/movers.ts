import type { Map as BaseMap } from 'maplibre-gl';
import type { Movers } from '../movers';
import type { MoversFrame } from '../moversWorker';
import { PinnedCanvas, type View, viewOf } from '../pinned';

/** What the clocks say when a frame is drawn. */
export interface FrameClock {
  /** As `performance.now()`. */
  nowMs(): number;
  serverMs(): number;
  /** Of an exercise: ages are of life. */
  speed(): number;
}

/**
 * All vehicles of the feed, on a canvas of their own below the other symbols. A worker draws it (`moversWorker.ts`): this
 * thread copies the columns where they changed, and shows the picture that comes back.
 */
export class MoversLayer {
  private readonly worker = new Worker(new URL('../moversWorker.ts', import.meta.url), { type: 'module' });
  private readonly canvas: PinnedCanvas;
  private readonly context: ImageBitmapRenderingContext | null;
  private symbols: ImageData | null = null;
  private version = -1;
  private wasEmpty = true;
  private drawing: { view: View; done: () => void } | null = null;

  constructor(
    private readonly base: BaseMap,
    private readonly movers: Movers,
    private readonly clock: FrameClock,
  ) {
    this.canvas = new PinnedCanvas(base);
    base.getCanvasContainer().append(this.canvas.element);
    this.context = this.canvas.element.getContext('bitmaprenderer');
    this.worker.onmessage = ({ data }: MessageEvent<ImageBitmap>) => {
      this.context?.transferFromImageBitmap(data);
      this.end((view) => this.canvas.show(view));
    };
    this.worker.onerror = (event) => {
      console.error(event.message);
      this.end();
    };
  }

  /** Other symbols, from the next picture on. */
  use(symbols: ImageData | null): void {
    this.symbols = symbols;
  }

  /** Calls `done` when the picture is shown. One at a time. */
  draw(done: () => void): void {
    const { movers, clock } = this;
    if (movers.isEmpty && this.wasEmpty) {
      done();
      return;
    }
    this.wasEmpty = movers.isEmpty;
    const view = viewOf(this.base);
    const frame: MoversFrame = {
      view,
      columns: this.version === movers.version ? null : movers.columns(),
      symbols: this.symbols,
      middle: [view.center[0] - movers.origin[0], view.center[1] - movers.origin[1]],
      seconds: [movers.frameSeconds(clock.nowMs()), movers.serverSeconds(clock.serverMs()), Math.max(1, clock.speed())],
    };
    this.version = movers.version;
    this.symbols = null;
    this.drawing = { view, done };
    this.worker.postMessage(
      frame,
      Object.values(frame.columns ?? {}).map(({ buffer }) => buffer),
    );
  }

  remove(): void {
    this.worker.terminate();
  }

  private end(show: (view: View) => void = () => {}) {
    const drawing = this.drawing;
    this.drawing = null;
    if (drawing) {
      show(drawing.view);
      drawing.done();
    }
  }
}
