const slowFrameMs = 40;
const betweenMs = 17;

/**
 * When to draw: never more often than a picture may stand, not at all while nothing asks, and one picture at a time.
 * Without a graphics card a frame can take longer than it may stand: then two thirds of the time stay for the hand.
 */
export class Frames {
  private drawnAt = Number.NEGATIVE_INFINITY;
  private asked = false;
  private isDrawing = false;
  private ended = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** From a frame to the next that could be drawn. */
  private costMs = 0;

  /**
   * `draw` calls `done` once the picture is there, and says by it whether it wants to go on; `standMs` how long a picture
   * may stand now.
   */
  constructor(
    private readonly draw: (nowMs: number, done: (goesOn: boolean) => void) => void,
    private readonly standMs: () => number,
  ) {}

  ask(): void {
    if (this.asked || this.ended) {
      return;
    }
    this.asked = true;
    if (!this.isDrawing) {
      this.plan();
    }
  }

  /** What the hand did is shown at the next frame. */
  hurry(): void {
    clearTimeout(this.timer);
    this.drawnAt = Number.NEGATIVE_INFINITY;
    this.asked = true;
    if (!this.isDrawing) {
      requestAnimationFrame(this.onFrame);
    }
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private plan() {
    const rest = this.drawnAt + this.paceMs() - performance.now();
    if (rest > 20) {
      this.timer = setTimeout(() => requestAnimationFrame(this.onFrame), rest - 10);
    } else {
      requestAnimationFrame(this.onFrame);
    }
  }

  private readonly onFrame = () => {
    if (this.ended || this.isDrawing || !this.asked) {
      return;
    }
    const now = performance.now();
    // A frame that comes a little early is as good: the next would be late.
    if (now - this.drawnAt + 4 < this.paceMs()) {
      this.plan();
      return;
    }
    this.asked = false;
    this.isDrawing = true;
    this.drawnAt = now;
    this.draw(now, (goesOn) => {
      this.isDrawing = false;
      // Deck.gl draws at the frame after the one that asked it to: the second one from here comes when that is done.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          this.costMs = performance.now() - now - betweenMs;
        }),
      );
      if (this.asked && !this.ended) {
        this.plan();
      } else if (goesOn) {
        this.ask();
      }
    });
  };

  private paceMs(): number {
    return Math.max(this.standMs(), this.costMs > slowFrameMs ? this.costMs * 3 : 0);
  }
}
