// Symbols on their way to their newest fix. They never run ahead of it: the end of a glide is the fix itself.

const longestMs = 1000;
const shortestMs = 200;
/** A jump this far is no drive between two fixes but a gap in the feed: gliding would draw a way nobody drove. */
const jumpDegrees = 0.03;

/** The glides of all vehicles, by slot, as columns: nothing is made while they move. */
export class Glides {
  fromLon = new Float64Array(0);
  fromLat = new Float64Array(0);
  toLon = new Float64Array(0);
  toLat = new Float64Array(0);
  startMs = new Float64Array(0);
  /** −1 before the first fix. */
  durationMs = new Float64Array(0);
  private untilMs = 0;

  isGliding(nowMs: number): boolean {
    return nowMs < this.untilMs;
  }

  lonAt(slot: number, nowMs: number): number {
    return between(this.fromLon[slot] ?? 0, this.toLon[slot] ?? 0, this.part(slot, nowMs));
  }

  latAt(slot: number, nowMs: number): number {
    return between(this.fromLat[slot] ?? 0, this.toLat[slot] ?? 0, this.part(slot, nowMs));
  }

  /** From where the symbol is drawn now to the new fix, in the time between fixes but at most a second. */
  go(slot: number, lon: number, lat: number, nowMs: number, still = false): void {
    this.grow(slot + 1);
    const known = (this.durationMs[slot] ?? -1) >= 0;
    const fromLon = known ? this.lonAt(slot, nowMs) : lon;
    const fromLat = known ? this.latAt(slot, nowMs) : lat;
    const isFar = Math.abs(lon - fromLon) + Math.abs(lat - fromLat) > jumpDegrees;
    const sinceMs = nowMs - (this.startMs[slot] ?? 0);
    const duration = !known || isFar || still ? 0 : Math.min(longestMs, Math.max(shortestMs, sinceMs));
    this.fromLon[slot] = fromLon;
    this.fromLat[slot] = fromLat;
    this.toLon[slot] = lon;
    this.toLat[slot] = lat;
    this.startMs[slot] = nowMs;
    this.durationMs[slot] = duration;
    this.untilMs = Math.max(this.untilMs, nowMs + duration);
  }

  private part(slot: number, nowMs: number): number {
    const duration = this.durationMs[slot] ?? 0;
    return duration <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - (this.startMs[slot] ?? 0)) / duration));
  }

  private grow(size: number) {
    if (size > this.durationMs.length) {
      const length = Math.max(256, size, this.durationMs.length * 2);
      this.fromLon = longer(this.fromLon, length, 0);
      this.fromLat = longer(this.fromLat, length, 0);
      this.toLon = longer(this.toLon, length, 0);
      this.toLat = longer(this.toLat, length, 0);
      this.startMs = longer(this.startMs, length, 0);
      this.durationMs = longer(this.durationMs, length, -1);
    }
  }
}

// The end itself at the end: no rounding moves a vehicle off its fix.
const between = (from: number, to: number, part: number): number => (part >= 1 ? to : from + (to - from) * part);

function longer(column: Float64Array<ArrayBuffer>, length: number, fill: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(length).fill(fill);
  next.set(column);
  return next;
}

const fastestMetersPerSecond = 33;
const mostOftenMs = 33;
const leastOftenMs = 250;

/**
 * How long a frame may stand: until the fastest vehicle would be half a pixel off. Over the whole city that is four
 * frames a second, in a street thirty.
 */
export function frameMs(metersPerPixel: number): number {
  return Math.min(leastOftenMs, Math.max(mostOftenMs, (500 * metersPerPixel) / fastestMetersPerSecond));
}
