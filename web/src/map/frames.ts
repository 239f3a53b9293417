const slowFrameMs = 40;
const betweenMs = 17;

/**
 * When to draw: never more often than a picture may stand, and not at all while nothing asks. Without a graphics card a
 * frame can take longer than it may stand: then two thirds of the time stay for the hand.
 */
export class Frames {
  private drawnAt = Number.NEGATIVE_INFINITY;
  private asked = false;
  private ended = false;
  /** From a frame to the next that could be drawn. */
  private costMs = 0;

  /**
   * `draw` says whether it wants to go on; `standMs` how long a picture may stand now.
   */
  constructor(
    private readonly draw: (nowMs: number) => boolean,
    private readonly standMs: () => number,
  ) {}

  ask(): void {
    if (this.asked || this.ended) {
      return;
    }
    this.asked = true;
    const rest = this.drawnAt + this.paceMs() - performance.now();
    if (rest > 20) {
      setTimeout(() => requestAnimationFrame(this.onFrame), rest - 10);
    } else {
      requestAnimationFrame(this.onFrame);
    }
  }

  /** What the hand did is shown at the next frame. */
  hurry(): void {
    this.drawnAt = Number.NEGATIVE_INFINITY;
    this.ask();
  }

  end(): void {
    this.ended = true;
  }

  private readonly onFrame = () => {
    this.asked = false;
    const now = performance.now();
    if (this.ended) {
      return;
    }
    // A frame that comes a little early is as good: the next would be late.
    if (now - this.drawnAt + 4 < this.paceMs()) {
      this.ask();
      return;
    }
    this.drawnAt = now;
    const goesOn = this.draw(now);
    // Deck.gl draws at the frame after the one that asked it to: the second one from here comes when that is done.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.costMs = performance.now() - now - betweenMs;
      }),
    );
    if (goesOn) {
      this.ask();
    }
  };

  private paceMs(): number {
    return Math.max(this.standMs(), this.costMs > slowFrameMs ? this.costMs * 3 : 0);
  }
}
