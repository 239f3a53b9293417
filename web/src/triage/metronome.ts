import { tick } from '../alarms/tones';

/** When the nth beat is due, in milliseconds after the first: counted from the first, so that late timers do not add up. */
export const dueMs = (beat: number, perMinute: number): number => (beat * 60_000) / perMinute;

/** Beats until it is stopped, heard where sound is on; each beat is told with its number. */
export function startBeat(perMinute: number, onBeat: (beat: number) => void): () => void {
  const first = performance.now();
  let beat = 0;
  let timer = 0;
  const go = () => {
    tick();
    onBeat(beat);
    beat++;
    timer = window.setTimeout(go, Math.max(0, first + dueMs(beat, perMinute) - performance.now()));
  };
  go();
  return () => window.clearTimeout(timer);
}
