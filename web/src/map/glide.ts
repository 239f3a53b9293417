import type { LonLat } from '../api/contract';

/** A symbol on its way to the newest fix. It never runs ahead of it: the end of the glide is the fix itself. */
export interface Glide {
  from: LonLat;
  to: LonLat;
  startMs: number;
  durationMs: number;
}

const longestMs = 1000;
/** A jump this far is no drive between two fixes but a gap in the feed: gliding would draw a way nobody drove. */
const jumpDegrees = 0.03;

export function isGliding(glide: Glide, nowMs: number): boolean {
  return nowMs < glide.startMs + glide.durationMs;
}

export function placeAt({ from, to, startMs, durationMs }: Glide, nowMs: number): LonLat {
  if (durationMs <= 0 || nowMs >= startMs + durationMs) {
    return to;
  }
  const part = Math.max(0, (nowMs - startMs) / durationMs);
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}

/** From where the symbol is drawn now to the new fix, in the time between fixes but at most a second. */
export function glideTo(known: Glide | undefined, to: LonLat, nowMs: number, still = false): Glide {
  if (!known) {
    return { from: to, to, startMs: nowMs, durationMs: 0 };
  }
  const from = placeAt(known, nowMs);
  const far = Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]) > jumpDegrees;
  return { from, to, startMs: nowMs, durationMs: far || still ? 0 : Math.min(longestMs, Math.max(200, nowMs - known.startMs)) };
}
