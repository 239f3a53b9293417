import { describe, expect, it } from 'vitest';
import { pinOf, type View } from './pinned';

const view: View = { center: [0.5, 0.4], scale: 1_000_000, width: 800, height: 600, ratio: 1 };

describe('a picture pinned to the map', () => {
  it('lies where it was drawn while the map stands', () => {
    expect(pinOf(view, view)).toBe('translate(0px, 0px) scale(1)');
  });

  it('travels with the map', () => {
    expect(pinOf(view, { ...view, center: [0.625, 0.4] })).toBe('translate(-125000px, 0px) scale(1)');
  });

  it('grows around the middle of the view', () => {
    expect(pinOf(view, { ...view, scale: 2_000_000 })).toBe('translate(-400px, -300px) scale(2)');
  });

  it('keeps its middle in the middle when the pane gets wider', () => {
    expect(pinOf(view, { ...view, width: 1000 })).toBe('translate(100px, 0px) scale(1)');
  });
});
