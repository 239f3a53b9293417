import { type DefaultProps, Layer, type LayerContext, type LayerProps, project32, type UpdateParameters } from '@deck.gl/core';
import type { Buffer, Texture } from '@luma.gl/core';
import { Geometry, Model } from '@luma.gl/engine';
import { moverCellPixels, moverColumns, moverRows } from '../moverSymbols';
import type { Movers } from '../movers';

/** What the clocks say when a frame is drawn. */
export interface FrameClock {
  /** As `performance.now()`. */
  nowMs(): number;
  serverMs(): number;
  /** Of an exercise: ages are of life. */
  speed(): number;
}

interface MoversProps extends LayerProps {
  movers: Movers;
  clock: FrameClock;
  atlas: HTMLCanvasElement;
}

const uniforms = `\
layout(std140) uniform moversUniforms {
  float frame;
  float now;
  float pace;
  float part;
} movers;
`;
const moversModule = {
  name: 'movers',
  vs: uniforms,
  uniformTypes: { frame: 'f32', now: 'f32', pace: 'f32', part: 'f32' },
} as const;

// Ages are those of units/age.ts.
const vs = `\
#version 300 es
#define SHADER_NAME movers-vertex
in vec2 positions;
in vec4 instanceFrom;
in vec4 instanceTo;
in vec4 instanceMotion;
in float instanceCategory;
out vec2 vCell;
void main(void) {
  float age = (movers.now - instanceMotion.z) / movers.pace;
  float lateness = step(30.0, age) + step(120.0, age) + step(900.0, age);
  bool isWedge = movers.part > 0.5;
  if (instanceCategory < -0.5 || (isWedge && (instanceMotion.w < -0.5 || lateness > 1.5))) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  float passed = movers.frame - instanceMotion.x;
  float part = instanceMotion.y > 0.0 ? clamp(passed / instanceMotion.y, 0.0, 1.0) : 1.0;
  geometry.worldPosition = vec3(instanceTo.xy, 0.0);
  vec3 from = project_position(vec3(instanceFrom.xy, 0.0), vec3(instanceFrom.zw, 0.0));
  vec3 to = project_position(vec3(instanceTo.xy, 0.0), vec3(instanceTo.zw, 0.0));
  gl_Position = project_common_position_to_clipspace(vec4(mix(from, to, part), 1.0));
  // Pixels from the place, right and down: no wider than what is drawn there, for empty pixels cost as much as full ones.
  bool isDisc = instanceCategory < 0.5;
  vec2 corner;
  vec2 turned;
  if (isWedge) {
    corner = isDisc ? positions * vec2(6.0, 5.0) - vec2(0.0, 9.0) : positions * vec2(8.0, 6.0) - vec2(0.0, 17.5);
    float angle = radians(instanceMotion.w);
    turned = vec2(corner.x * cos(angle) - corner.y * sin(angle), corner.x * sin(angle) + corner.y * cos(angle));
  } else {
    corner = positions * (lateness < 0.5 ? (isDisc ? 7.0 : 15.0) : lateness < 1.5 ? (isDisc ? 9.0 : 17.0) : (isDisc ? 14.0 : 21.0));
    turned = corner;
  }
  gl_Position.xy += project_pixel_size_to_clipspace(turned * vec2(1.0, -1.0));
  float column = isWedge ? 4.0 : lateness;
  vCell = (vec2(column, instanceCategory) + corner / ${moverCellPixels.toFixed(1)} + 0.5) / vec2(${moverColumns.toFixed(1)}, ${moverRows.toFixed(1)});
}
`;

const fs = `\
#version 300 es
#define SHADER_NAME movers-fragment
precision highp float;
uniform sampler2D moverSymbols;
in vec2 vCell;
out vec4 fragColor;
void main(void) {
  vec4 texel = texture(moverSymbols, vCell);
  if (texel.a < 0.05) {
    discard;
  }
  fragColor = vec4(texel.rgb, texel.a * layer.opacity);
}
`;

const columns = ['from', 'to', 'motion', 'category'] as const;
type Column = (typeof columns)[number];
const attributeOf: Record<Column, string> = {
  from: 'instanceFrom',
  to: 'instanceTo',
  motion: 'instanceMotion',
  category: 'instanceCategory',
};

type MoversState = {
  model?: Model;
  buffers: Partial<Record<Column, Buffer>>;
  capacity: number;
  version: number;
  numInstances: number;
};

const defaultProps: DefaultProps<MoversProps> = {
  movers: { type: 'object', value: null as unknown as Movers, compare: false },
  clock: { type: 'object', value: null as unknown as FrameClock, compare: false },
  atlas: { type: 'image', value: null, async: true } as never,
};

/**
 * All vehicles of the feed in two draws: wedges, then bodies. It is no IconLayer because that would have each of 5,000
 * places, symbols and ages worked out again on the main thread at every frame; here a frame sets four numbers, and a
 * batch copies columns that were written in place.
 */
export class MoversLayer extends Layer<MoversProps> {
  static override layerName = 'MoversLayer';
  static override defaultProps = defaultProps as never;
  declare state: MoversState;

  // The columns are the attributes: deck.gl's own would be asked for at every change, and stay empty.
  override _getAttributeManager() {
    return null as never;
  }

  override getShaders() {
    return super.getShaders({ vs, fs, modules: [project32, moversModule] });
  }

  override initializeState(): void {
    this.setState({ buffers: {}, capacity: 0, version: -1, numInstances: 0 });
  }

  override updateState(params: UpdateParameters<Layer<MoversProps>>): void {
    super.updateState(params);
    if (params.changeFlags.extensionsChanged) {
      this.state.model?.destroy();
      this.state.model = this.makeModel();
      this.state.capacity = 0;
    }
  }

  override finalizeState(context: LayerContext): void {
    super.finalizeState(context);
    for (const buffer of Object.values(this.state.buffers)) {
      buffer.destroy();
    }
  }

  override draw(): void {
    const { movers, clock } = this.props;
    // Deck.gl makes a texture of the picture.
    const texture = this.props.atlas as unknown as Texture | null;
    const { model } = this.state;
    if (!model || !texture || movers.size === 0) {
      return;
    }
    this.upload(model);
    const frame = {
      frame: movers.frameSeconds(clock.nowMs()),
      now: movers.serverSeconds(clock.serverMs()),
      pace: Math.max(1, clock.speed()),
    };
    model.setBindings({ moverSymbols: texture });
    for (const part of [1, 0]) {
      model.shaderInputs.setProps({ movers: { ...frame, part } });
      model.draw(this.context.renderPass);
    }
  }

  private upload(model: Model) {
    const { movers } = this.props;
    const { state } = this;
    if (state.version === movers.version) {
      return;
    }
    if (state.capacity !== movers.category.length) {
      for (const column of columns) {
        state.buffers[column]?.destroy();
        state.buffers[column] = this.context.device.createBuffer({ byteLength: movers[column].byteLength });
      }
      state.capacity = movers.category.length;
      model.setAttributes(Object.fromEntries(columns.map((column) => [attributeOf[column], state.buffers[column] as Buffer])));
    }
    for (const column of columns) {
      state.buffers[column]?.write(movers[column]);
    }
    state.version = movers.version;
    state.numInstances = movers.size;
    model.setInstanceCount(movers.size);
  }

  private makeModel(): Model {
    return new Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: columns.map((column) => ({
        name: attributeOf[column],
        format: column === 'category' ? 'float32' : 'float32x4',
        stepMode: 'instance',
      })),
      geometry: new Geometry({
        topology: 'triangle-strip',
        attributes: { positions: { size: 2, value: new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]) } },
      }),
      isInstanced: true,
    });
  }
}
