import { fontFamily, type Tokens } from '../shell/theme';
import type { AgeClass } from '../units/age';
import type { StateLook } from '../units/states';
import { diamondPixels, type IncidentMark, type UnitFrame } from './symbolChoice';

// Each function draws one symbol around (0, 0), in pixels as shown. Frame shape = category, line pattern = status.

type Context = CanvasRenderingContext2D;

const unitPixels = 26;
const casingWidth = 1.5;

function square(context: Context, side: number, radius: number) {
  context.beginPath();
  context.roundRect(-side / 2, -side / 2, side, side, radius);
}

function letter(context: Context, text: string, colour: string, y = 1, size = 16) {
  context.font = `600 ${size}px ${fontFamily}`;
  context.fillStyle = colour;
  context.fillText(text, 0, y);
}

/**
 * A unit's frame, as wide as a square of this side looks: the shapes differ in grey as in colour, and each has room for the
 * letter.
 */
function unitFrame(context: Context, frame: UnitFrame, side: number) {
  if (frame === 'square') {
    square(context, side, 5);
    return;
  }
  context.beginPath();
  if (frame === 'trapezoid') {
    const [top, bottom, half] = [side * 0.38, side * 0.58, side * 0.47];
    polygon(context, [-top, -half], [top, -half], [bottom, half], [-bottom, half]);
  } else {
    // Pentagon with a point up; hexagon with points at the sides.
    const [corners, radius, first] = frame === 'pentagon' ? [5, side * 0.6, -Math.PI / 2] : [6, side * 0.57, 0];
    polygon(
      context,
      ...Array.from({ length: corners }, (_, corner): [number, number] => {
        const angle = first + (corner * 2 * Math.PI) / corners;
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      }),
    );
  }
}

function polygon(context: Context, ...points: [number, number][]) {
  for (const [x, y] of points) {
    context.lineTo(x, y);
  }
  context.closePath();
}

/** Older than 30 s the casing is dashed, than 2 min it is hollow with `?`, than 15 min crossed out. */
export function drawUnit(context: Context, token: Tokens, frame: UnitFrame, look: StateLook, age: AgeClass) {
  const colour = token.legs[look.leg];
  const isOld = age === 'old' || age === 'lost';
  const isFilled = !isOld && (look.pattern === 'solid' || look.pattern === 'solidBar');

  // The casing parts the symbol from the map beneath it.
  unitFrame(context, frame, unitPixels + casingWidth * 2);
  context.fillStyle = token.casing;
  context.fill();
  unitFrame(context, frame, unitPixels - (isFilled ? 0 : 3));
  context.fillStyle = isFilled ? colour : token.panel;
  context.fill();
  if (!isFilled) {
    context.lineWidth = 3;
    context.strokeStyle = colour;
    context.setLineDash(look.pattern === 'dashed' && !isOld ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
  }
  if (!isOld && look.pattern === 'hatched') {
    line(context, colour, 1.5, [-10, 2], [2, -10]);
    line(context, colour, 1.5, [-2, 10], [10, -2]);
  }
  letter(context, look.letter, isFilled ? token.casing : isOld ? token.text2 : colour);

  if (!isOld && look.pattern === 'solidBar') {
    context.fillStyle = token.casing;
    context.fillRect(-8, 9, 16, 2.5);
  }
  if (!isOld && look.pattern === 'hollowTick') {
    line(context, colour, 2.5, [2, 9], [5, 12], [12, 3]);
  }
  if (age === 'late') {
    unitFrame(context, frame, unitPixels + casingWidth * 2);
    context.lineWidth = 2;
    context.strokeStyle = token.text;
    context.setLineDash([4, 4]);
    context.stroke();
    context.setLineDash([]);
  }
  if (age === 'old') {
    badge(context, token, '?');
  }
  if (age === 'lost') {
    line(context, token.text, 2.5, [-12, -12], [12, 12]);
    line(context, token.text, 2.5, [12, -12], [-12, 12]);
  }
}

function line(context: Context, colour: string, width: number, ...points: [number, number][]) {
  context.beginPath();
  for (const [x, y] of points) {
    context.lineTo(x, y);
  }
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

function badge(context: Context, token: Tokens, text: string) {
  context.beginPath();
  context.arc(14, -14, 9, 0, Math.PI * 2);
  context.fillStyle = token.raised;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = token.text;
  context.stroke();
  context.save();
  context.translate(14, -14);
  letter(context, text, token.text);
  context.restore();
}

/** Outside the frame, pointing up; the layer turns it. */
export function drawWedge(context: Context, token: Tokens, look: StateLook) {
  context.beginPath();
  context.moveTo(0, -27);
  context.lineTo(7, -18);
  context.lineTo(-7, -18);
  context.closePath();
  context.lineWidth = casingWidth * 2;
  context.strokeStyle = token.casing;
  context.stroke();
  context.fillStyle = token.legs[look.leg];
  context.fill();
}

function diamond(context: Context, side: number) {
  context.beginPath();
  context.moveTo(0, -side / 2);
  context.lineTo(side / 2, 0);
  context.lineTo(0, side / 2);
  context.lineTo(-side / 2, 0);
  context.closePath();
}

export function drawIncident(context: Context, token: Tokens, priority: 1 | 2 | 3 | 4, mark: IncidentMark, readBack: boolean) {
  const side = diamondPixels[priority];
  const colours = token.priorities[priority];
  const isClosed = mark === 'closed';
  diamond(context, side + casingWidth * 2);
  context.fillStyle = token.casing;
  context.fill();
  diamond(context, side);
  context.fillStyle = isClosed ? token.panel : colours.fill;
  context.fill();
  context.lineWidth = priority === 4 ? 1.5 : 2;
  context.strokeStyle = isClosed ? token.text3 : colours.edge;
  context.stroke();
  if (mark === 'waiting') {
    // The double edge: nobody is on the way yet.
    diamond(context, side + 8);
    context.lineWidth = 2;
    context.strokeStyle = token.casing;
    context.stroke();
    diamond(context, side + 11);
    context.strokeStyle = colours.edge;
    context.stroke();
  }
  if (mark === 'onScene') {
    context.fillStyle = colours.edge;
    context.fillRect(-side / 2, side / 2 - 1, side, 4);
  }
  letter(context, String(priority), isClosed ? token.text2 : colours.digit);
  if (!readBack && !isClosed) {
    badge(context, token, '?');
  }
}

export function drawHouse(context: Context, token: Tokens) {
  context.beginPath();
  context.moveTo(0, -8);
  context.lineTo(8, -1);
  context.lineTo(8, 7);
  context.lineTo(-8, 7);
  context.lineTo(-8, -1);
  context.closePath();
  context.fillStyle = token.raised;
  context.fill();
  context.lineWidth = 1.75;
  context.strokeStyle = token.text2;
  context.stroke();
}

export function drawHospital(context: Context, token: Tokens) {
  square(context, 20, 2);
  context.fillStyle = token.raised;
  context.fill();
  context.lineWidth = 1.75;
  context.strokeStyle = token.text2;
  context.stroke();
  context.fillStyle = token.text2;
  context.fillRect(-2, -6.5, 4, 13);
  context.fillRect(-6.5, -2, 13, 4);
}

/** Where the open call form says it happened. */
export function drawPin(context: Context, token: Tokens) {
  context.beginPath();
  context.arc(0, 0, 9, 0, Math.PI * 2);
  context.lineWidth = 6;
  context.strokeStyle = token.raised;
  context.stroke();
  context.lineWidth = 3;
  context.strokeStyle = token.text;
  context.stroke();
  line(context, token.text, 2, [-16, 0], [-5, 0]);
  line(context, token.text, 2, [5, 0], [16, 0]);
  line(context, token.text, 2, [0, -16], [0, -5]);
  line(context, token.text, 2, [0, 5], [0, 16]);
}

/** Selection: black and white, to be seen on any ground (17:1 against each other). */
export function drawRing(context: Context) {
  context.beginPath();
  context.arc(0, 0, 22, 0, Math.PI * 2);
  context.lineWidth = 3;
  context.strokeStyle = '#0E1115';
  context.stroke();
  context.beginPath();
  context.arc(0, 0, 25, 0, Math.PI * 2);
  context.strokeStyle = '#FFFFFF';
  context.stroke();
}
