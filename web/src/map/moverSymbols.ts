import { type ThemeName, type Tokens, tokens } from '../shell/theme';
import type { AgeClass } from '../units/age';

// The symbols of vehicles that are no units of ours: a row for each category, a column for each age, then the wedge.
// Frame shape = category, line pattern = age; the fill only repeats them, and is grey, for they ask nothing of us.

type Context = CanvasRenderingContext2D;

const kinds: Record<string, number> = {
  ambulance: 1,
  fire: 2,
  apparatus: 2,
  police: 3,
  rescue: 4,
  repair: 4,
  utility: 4,
};

/** Row of a kind of vehicle: 急救 rounded square, 消防 pentagon, 公安 hexagon, 抢险 trapezoid, else a small disc. */
export const categoryOf = (kind: string): number => (Object.hasOwn(kinds, kind) ? (kinds[kind] ?? 0) : 0);

export const moverRows = 5;
export const moverColumns = 5;
/** Side of a cell as shown, in pixels. */
export const moverCellPixels = 56;
const scale = 2;
const ages: AgeClass[] = ['fresh', 'late', 'old', 'lost'];

/** Corners on a circle around (0, 0), the first at the top. */
function polygon(context: Context, corners: number, radius: number) {
  context.beginPath();
  for (let corner = 0; corner < corners; corner++) {
    const angle = (corner / corners) * 2 * Math.PI - Math.PI / 2;
    context.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  context.closePath();
}

function frameOf(context: Context, category: number, grown: number) {
  if (category === 1) {
    const side = 18 + grown * 2;
    context.beginPath();
    context.roundRect(-side / 2, -side / 2, side, side, 5);
  } else if (category === 2 || category === 3) {
    polygon(context, category === 2 ? 5 : 6, 11 + grown * 1.2);
  } else if (category === 4) {
    const [half, short, high] = [11 + grown * 1.3, 6 + grown, 8 + grown];
    context.beginPath();
    context.moveTo(-short, -high);
    context.lineTo(short, -high);
    context.lineTo(half, high);
    context.lineTo(-half, high);
    context.closePath();
  } else {
    context.beginPath();
    context.arc(0, 0, 4 + grown, 0, Math.PI * 2);
  }
}

/** Older than 30 s the casing is dashed, than 2 min it is hollow with `?`, than 15 min crossed out. */
function drawMover(context: Context, token: Tokens, category: number, age: AgeClass) {
  const isOld = age === 'old' || age === 'lost';
  frameOf(context, category, 1.5);
  context.fillStyle = token.casing;
  context.fill();
  frameOf(context, category, isOld ? -0.5 : 0);
  context.fillStyle = isOld ? token.panel : token.text3;
  context.fill();
  if (isOld) {
    context.lineWidth = 1.75;
    context.strokeStyle = token.text3;
    context.stroke();
  }
  if (age === 'late') {
    frameOf(context, category, category === 0 ? 3 : 2.5);
    context.lineWidth = 1.5;
    context.strokeStyle = token.text;
    context.setLineDash([3, 3]);
    context.stroke();
    context.setLineDash([]);
  }
  const out = category === 0 ? 5 : 9;
  if (age === 'old') {
    context.font = `600 ${category === 0 ? 12 : 16}px sans-serif`;
    context.lineWidth = 3;
    context.strokeStyle = token.casing;
    context.strokeText('?', out + 3, -out);
    context.fillStyle = token.text;
    context.fillText('?', out + 3, -out);
  }
  if (age === 'lost') {
    for (const [width, ink] of [
      [4, token.casing],
      [2, token.text],
    ] as const) {
      context.beginPath();
      context.moveTo(-out, -out);
      context.lineTo(out, out);
      context.moveTo(out, -out);
      context.lineTo(-out, out);
      context.lineWidth = width;
      context.strokeStyle = ink;
      context.stroke();
    }
  }
}

/** Outside the frame, pointing up; the layer turns it. */
function drawWedge(context: Context, token: Tokens, category: number) {
  const [base, tip, half] = category === 0 ? [6, 12, 4] : [14, 21, 6];
  context.beginPath();
  context.moveTo(0, -tip);
  context.lineTo(half, -base);
  context.lineTo(-half, -base);
  context.closePath();
  context.lineWidth = 3;
  context.strokeStyle = token.casing;
  context.stroke();
  context.fillStyle = token.text2;
  context.fill();
}

export function drawMoverAtlas(theme: ThemeName): ImageData | null {
  const side = moverCellPixels * scale;
  const canvas = document.createElement('canvas');
  canvas.width = moverColumns * side;
  canvas.height = moverRows * side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context) {
    context.lineJoin = 'round';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let row = 0; row < moverRows; row++) {
      for (let column = 0; column < moverColumns; column++) {
        context.setTransform(scale, 0, 0, scale, (column + 0.5) * side, (row + 0.5) * side);
        const age = ages[column];
        if (age) {
          drawMover(context, tokens[theme], row, age);
        } else {
          drawWedge(context, tokens[theme], row);
        }
      }
    }
  }
  return context?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
}
