import { describe, expect, it } from 'vitest';
import { cssVariables, type ThemeName, tokens } from './theme';

/** Relative luminance and contrast by WCAG 2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['day', 'night'] as ThemeName[])('the %s theme', (name) => {
  const token = tokens[name];

  it('keeps every text readable on every ground it stands on', () => {
    for (const ground of [token.bg, token.panel, token.raised]) {
      for (const text of [token.text, token.text2, token.text3, token.link]) {
        expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(token.focus, ground)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(token.selectedText, token.selected)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(token.warnText, token.warnBand)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(token.errorText, token.errorBand)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps letters readable on the fills of units and digits on those of priorities', () => {
    for (const fill of Object.values(token.legs)) {
      expect(contrast(token.casing, fill)).toBeGreaterThanOrEqual(4.5);
    }
    for (const { fill, edge, digit, text } of Object.values(token.priorities)) {
      expect(contrast(digit, fill)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(edge, token.panel)).toBeGreaterThanOrEqual(3);
      expect(contrast(text, token.panel)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('has the same variables as the other', () => {
    expect(Object.keys(cssVariables(name))).toEqual(Object.keys(cssVariables('day')));
  });
});
