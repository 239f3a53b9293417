import { describe, expect, it } from 'vitest';
import { pieces } from './pieces';

describe('the parts of a name that were meant', () => {
  it('stand between the others, in the order of the name', () => {
    expect(
      pieces('西四路与黄河路口', [
        [0, 3],
        [4, 3],
      ]).map(({ text, isMeant }) => [text, isMeant]),
    ).toEqual([
      ['西四路', true],
      ['与', false],
      ['黄河路', true],
      ['口', false],
    ]);
  });

  it('are one where ranges touch, and none where nothing was meant', () => {
    expect(
      pieces('黄河路100号', [
        [0, 3],
        [3, 3],
      ]),
    ).toHaveLength(2);
    expect(pieces('宾馆1', [])).toEqual([{ text: '宾馆1', isMeant: false, at: 0 }]);
  });

  it('end with the name', () => {
    expect(pieces('路', [[0, 9]])).toEqual([{ text: '路', isMeant: true, at: 0 }]);
  });
});
