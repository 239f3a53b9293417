import { describe, expect, it } from 'vitest';
import { groups, type KeyPress, keyLabel, matchKey, nthOf } from './keys';

const bindings = groups.flatMap((group) => group.bindings);

const press = (code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

describe('a key press', () => {
  it('is matched by the place of the key, not by the letter on it', () => {
    expect(matchKey(press('KeyM', { altKey: true }))).toBe('note');
    expect(matchKey({ ...press('KeyM', { altKey: true }), key: 'м' } as KeyPress)).toBe('note');
  });

  it('must hold exactly the modifiers of its binding', () => {
    expect(matchKey(press('Enter', { ctrlKey: true }))).toBe('submit');
    expect(matchKey(press('Enter', { altKey: true }))).toBe('assign');
    expect(matchKey(press('Enter', { ctrlKey: true, altKey: true }))).toBeNull();
    expect(matchKey(press('F9'))).toBe('nextIncident');
    expect(matchKey(press('F9', { shiftKey: true }))).toBe('previousIncident');
  });

  it('means the same on the numeric keypad', () => {
    expect(matchKey(press('NumpadEnter', { altKey: true }))).toBe('assign');
    expect(nthOf(press('Numpad3'))).toBe(2);
  });

  it('ticks the nth suggestion only when bare', () => {
    expect(nthOf(press('Digit1'))).toBe(0);
    expect(nthOf(press('Digit1', { altKey: true }))).toBeNull();
    expect(nthOf(press('Digit0'))).toBeNull();
  });
});

describe('the bindings', () => {
  it('use no key that the browser, the system or an input method keeps', () => {
    const never = ['F5', 'F6', 'F7', 'F10', 'F11', 'F12'];
    const neverAlt = ['D', 'E', 'F', 'B', 'H', 'S', 'T', 'V', 'A'].map((letter) => `Key${letter}`);
    neverAlt.push('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'Space', 'Tab', 'F4');
    const neverCtrl = ['KeyN', 'KeyT', 'KeyW', 'Tab', 'Space', 'Period'];
    for (const binding of bindings) {
      expect(never).not.toContain(binding.code);
      expect(binding.alt && neverAlt.includes(binding.code)).toBeFalsy();
      expect(binding.ctrl && neverCtrl.includes(binding.code)).toBeFalsy();
      expect(binding.alt && (binding.shift || binding.ctrl)).toBeFalsy();
    }
  });

  it('bind no bare letter and no key twice', () => {
    expect(bindings.filter((binding) => binding.code.startsWith('Key') && !binding.alt && !binding.ctrl)).toEqual([]);
    expect(new Set(bindings.map((binding) => binding.label)).size).toBe(bindings.length);
    expect(new Set(bindings.map((binding) => binding.action)).size).toBe(bindings.length);
  });

  it('have the label that stands on the button', () => {
    expect(keyLabel('recall')).toBe('Alt+C');
    expect(keyLabel('correct')).toBe('Alt+\\');
  });
});
