import { moverCellPixels, moverColumns, moverRows } from './moverSymbols';
import type { View } from './pinned';

// Draws the vehicles of the feed beside the page's own thread. Where there is no graphics card a thread that draws waits
// for the processor to have drawn: here no hand waits with it.

/** What the page sends. */
export interface MoversFrame {
  view: View;
  /** All vehicles anew, where they changed. */
  columns: Record<Column, Float32Array> | null;
  /** The symbols anew, where they changed. */
  symbols: ImageData | null;
  /** The middle of the view from the origin of the columns. */
  middle: [x: number, y: number];
  /** The frame and the day, in the seconds of the columns; of an exercise, how fast its day is. */
  seconds: [frame: number, day: number, pace: number];
}

type Column = 'from' | 'to' | 'motion' | 'category';
const widthOf: Record<Column, number> = { from: 2, to: 2, motion: 4, category: 1 };
const columns = Object.keys(widthOf) as Column[];

// Points, for a picture without a graphics card takes six times as long where each vehicle is an instance of four corners.
// Ages are those of units/age.ts.
const vertexShader = `#version 300 es
in vec2 from;
in vec2 to;
in vec4 motion;
in float category;
uniform vec2 middle;
uniform vec4 view;
uniform vec3 seconds;
uniform bool isWedge;
flat out vec2 cell;
flat out vec4 turn;
void main(void) {
  float age = (seconds.y - motion.z) / seconds.z;
  float lateness = step(30.0, age) + step(120.0, age) + step(900.0, age);
  bool isDisc = category < 0.5;
  float angle = 0.0;
  float extent;
  float above = 0.0;
  if (category < -0.5 || (isWedge && (motion.w < -0.5 || lateness > 1.5))) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  // No wider than what is drawn there, for empty pixels cost as much as full ones.
  if (isWedge) {
    angle = radians(motion.w);
    above = isDisc ? 9.0 : 17.5;
    extent = isDisc ? 8.0 : 10.0;
  } else {
    extent = lateness < 0.5 ? (isDisc ? 7.0 : 15.0) : lateness < 1.5 ? (isDisc ? 9.0 : 17.0) : (isDisc ? 14.0 : 21.0);
  }
  float part = motion.y > 0.0 ? clamp((seconds.x - motion.x) / motion.y, 0.0, 1.0) : 1.0;
  vec2 pixels = (mix(from, to, part) - middle) * view.z + above * vec2(sin(angle), -cos(angle));
  gl_Position = vec4(pixels * vec2(2.0, -2.0) / view.xy, 0.0, 1.0);
  gl_PointSize = 2.0 * extent * view.w;
  cell = vec2(isWedge ? 4.0 : lateness, category);
  turn = vec4(cos(angle), sin(angle), extent, above);
}
`;

const fragmentShader = `#version 300 es
precision highp float;
uniform sampler2D symbols;
flat in vec2 cell;
flat in vec4 turn;
out vec4 ink;
void main(void) {
  // Pixels from the place, right and down, as the symbol is drawn upright.
  vec2 aside = (gl_PointCoord * 2.0 - 1.0) * turn.z;
  vec2 upright = vec2(turn.x * aside.x + turn.y * aside.y, turn.x * aside.y - turn.y * aside.x - turn.w);
  ink = texture(symbols, (cell + upright / ${moverCellPixels.toFixed(1)} + 0.5) / vec2(${moverColumns.toFixed(1)}, ${moverRows.toFixed(1)}));
}
`;

class Painter {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly gl: WebGL2RenderingContext;
  private readonly program: WebGLProgram;
  private readonly buffers = new Map<Column, WebGLBuffer>();
  private size = 0;

  constructor() {
    // Every symbol brings its own soft edge, and each picture is drawn whole.
    const gl = this.canvas.getContext('webgl2', { antialias: false, depth: false });
    if (!gl) {
      throw new Error('There is no WebGL 2 beside the page.');
    }
    this.gl = gl;
    this.program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, vertexShader],
      [gl.FRAGMENT_SHADER, fragmentShader],
    ] as const) {
      const shader = gl.createShader(kind) as WebGLShader;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`The program of the vehicles does not link: ${gl.getProgramInfoLog(this.program)}`);
    }
    // biome-ignore lint/correctness/useHookAtTopLevel: it is no hook
    gl.useProgram(this.program);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const column of columns) {
      const at = gl.getAttribLocation(this.program, column);
      this.buffers.set(column, gl.createBuffer());
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.get(column) ?? null);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, widthOf[column], gl.FLOAT, false, 0, 0);
    }
  }

  take({ columns: vehicles, symbols }: Pick<MoversFrame, 'columns' | 'symbols'>): void {
    const { gl } = this;
    if (symbols) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, symbols);
    }
    if (vehicles) {
      for (const column of columns) {
        gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.get(column) ?? null);
        gl.bufferData(gl.ARRAY_BUFFER, vehicles[column], gl.DYNAMIC_DRAW);
      }
      this.size = vehicles.category.length;
    }
  }

  draw({ view, middle, seconds }: MoversFrame): ImageBitmap {
    const { canvas, gl, program } = this;
    const [width, height] = [Math.max(1, Math.round(view.width * view.ratio)), Math.max(1, Math.round(view.height * view.ratio))];
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
    }
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(gl.getUniformLocation(program, 'middle'), ...middle);
    gl.uniform4f(gl.getUniformLocation(program, 'view'), view.width, view.height, view.scale, view.ratio);
    gl.uniform3f(gl.getUniformLocation(program, 'seconds'), ...seconds);
    // Wedges first: no body is hidden by what another one points at.
    for (const isWedge of [1, 0]) {
      gl.uniform1i(gl.getUniformLocation(program, 'isWedge'), isWedge);
      gl.drawArrays(gl.POINTS, 0, this.size);
    }
    return canvas.transferToImageBitmap();
  }

  get isLost(): boolean {
    return this.gl.isContextLost();
  }
}

let painter: Painter | null = null;
let [lastColumns, lastSymbols]: [MoversFrame['columns'], MoversFrame['symbols']] = [null, null];

self.onmessage = ({ data: frame }: MessageEvent<MoversFrame>) => {
  lastColumns = frame.columns ?? lastColumns;
  lastSymbols = frame.symbols ?? lastSymbols;
  if (!painter || painter.isLost) {
    // The card was reset, or taken away for a while: the next picture begins with another one.
    painter = new Painter();
    painter.take({ columns: lastColumns, symbols: lastSymbols });
  } else {
    painter.take(frame);
  }
  const picture = painter.draw(frame);
  self.postMessage(picture, { transfer: [picture] });
};
