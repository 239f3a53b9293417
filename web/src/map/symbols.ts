import { type ThemeName, type Tokens, tokens } from '../shell/theme';
import type { AgeClass } from '../units/age';
import { lookOf, type UnitState } from '../units/states';
import { drawHospital, drawHouse, drawIncident, drawPin, drawRing, drawUnit, drawWedge } from './drawing';
import { type IncidentMark, incidentSymbol, unitFrames, unitSymbol } from './symbolChoice';

// One canvas with every symbol, drawn twice as large as shown so that it stays sharp on fine screens.

/** Side of a cell as shown, in pixels. */
export const cellPixels = 56;
const scale = 2;
const columns = 14;

export interface Atlas {
  canvas: HTMLCanvasElement;
  cells: Record<string, { x: number; y: number; width: number; height: number; mask: false }>;
}

type Draw = (context: CanvasRenderingContext2D, token: Tokens) => void;

const states: UnitState[] = [
  'standby',
  'outOfService',
  'offDuty',
  'notified',
  'acknowledged',
  'enRoute',
  'onScene',
  'atPatient',
  'leftScene',
  'atDestination',
  'handedOver',
  'available',
  'cancelled',
];
const ages: AgeClass[] = ['fresh', 'late', 'old', 'lost'];
const marks: IncidentMark[] = ['waiting', 'running', 'onScene', 'closed'];

function everySymbol(): [string, Draw][] {
  const symbols: [string, Draw][] = [
    ['station', drawHouse],
    ['hospital', drawHospital],
    ['pin', drawPin],
    ['ring', drawRing],
  ];
  for (const state of states) {
    for (const frame of unitFrames) {
      for (const age of ages) {
        symbols.push([unitSymbol(frame, state, age), (context, token) => drawUnit(context, token, frame, lookOf(state), age)]);
      }
    }
    symbols.push([`wedge.${state}`, (context, token) => drawWedge(context, token, lookOf(state))]);
  }
  for (const priority of [1, 2, 3, 4] as const) {
    for (const mark of marks) {
      for (const readBack of [true, false]) {
        symbols.push([
          incidentSymbol(priority, mark, readBack),
          (context, token) => drawIncident(context, token, priority, mark, readBack),
        ]);
      }
    }
  }
  return symbols;
}

export function drawAtlas(theme: ThemeName): Atlas {
  const symbols = everySymbol();
  const side = cellPixels * scale;
  const canvas = document.createElement('canvas');
  canvas.width = columns * side;
  canvas.height = Math.ceil(symbols.length / columns) * side;
  const context = canvas.getContext('2d');
  const cells: Atlas['cells'] = {};
  symbols.forEach(([name, draw], index) => {
    const [x, y] = [(index % columns) * side, Math.floor(index / columns) * side];
    cells[name] = { x, y, width: side, height: side, mask: false };
    if (context) {
      context.setTransform(scale, 0, 0, scale, x + side / 2, y + side / 2);
      context.lineJoin = 'round';
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      draw(context, tokens[theme]);
    }
  });
  return { canvas, cells };
}
