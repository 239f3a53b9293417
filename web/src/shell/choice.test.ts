import { describe, expect, it } from 'vitest';
import { chosenByKey } from './choice';

const key = (code: string, more = {}) => ({ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });

describe('a row of choices', () => {
  it('is walked with the arrows, around its ends', () => {
    expect(chosenByKey(key('ArrowRight'), 0, 6)).toBe(1);
    expect(chosenByKey(key('ArrowDown'), 5, 6)).toBe(0);
    expect(chosenByKey(key('ArrowLeft'), 0, 6)).toBe(5);
  });

  it('begins at an end where nothing is chosen', () => {
    expect(chosenByKey(key('ArrowDown'), -1, 6)).toBe(0);
    expect(chosenByKey(key('ArrowUp'), -1, 6)).toBe(5);
  });

  it('is chosen from by number', () => {
    expect(chosenByKey(key('Digit3'), -1, 6)).toBe(2);
    expect(chosenByKey(key('Numpad6'), 0, 6)).toBe(5);
    expect(chosenByKey(key('Digit7'), 0, 6)).toBeNull();
  });

  it('leaves other keys to others', () => {
    expect(chosenByKey(key('Digit1', { altKey: true }), 0, 6)).toBeNull();
    expect(chosenByKey(key('Enter', { ctrlKey: true }), 0, 6)).toBeNull();
    expect(chosenByKey(key('KeyA'), 0, 6)).toBeNull();
  });
});
