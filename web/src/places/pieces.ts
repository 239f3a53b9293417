/** A part of a name: what was typed, or what lies between. */
export interface Piece {
  text: string;
  isMeant: boolean;
  /** Index of its first character. */
  at: number;
}

/** Cuts a name at the ranges (first character and length) that were meant; ranges beyond its end are cut off. */
export function pieces(name: string, highlights: readonly (readonly [number, number])[]): Piece[] {
  const meant = new Set(highlights.flatMap(([first, length]) => Array.from({ length }, (_, step) => first + step)));
  const cut: Piece[] = [];
  for (let at = 0; at < name.length; at++) {
    const last = cut.at(-1);
    if (last && last.isMeant === meant.has(at)) {
      last.text += name[at];
    } else {
      cut.push({ text: name[at] ?? '', isMeant: meant.has(at), at });
    }
  }
  return cut;
}
