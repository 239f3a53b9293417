import type { KeyPress } from './keys';

const steps: Record<string, 1 | -1> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Where a key leads in a row of choices: arrows go around, a digit names the nth. Null for any other key. */
export function chosenByKey(press: KeyPress, current: number, count: number): number | null {
  if (press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) {
    return null;
  }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (digit) {
    return Number(digit) <= count ? Number(digit) - 1 : null;
  }
  const step = steps[press.code];
  if (!step) {
    return null;
  }
  // Nothing chosen yet: forwards the first, backwards the last.
  return current < 0 ? (step > 0 ? 0 : count - 1) : (current + step + count) % count;
}
