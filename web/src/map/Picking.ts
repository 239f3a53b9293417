import type { Map as BaseMap } from 'maplibre-gl';
import type { LonLat } from '../api/contract';
import { positions } from '../feed/positions';
import { clusterRadius } from './clusters';
import type { MapContent } from './content';
import { pixelsToLine } from './layers/closures';
import type { Movers } from './movers';
import type { Picked, UnitMark } from './scene';
import { diamondPixels } from './symbolChoice';

const pickPixels = 12;
/** A line is picked by its bars. */
const closurePixels = 8;
const unitPixels = 26;

/**
 * What lies under the pointer or comes next by Tab, by the places that are drawn: a few thousand numbers are read faster
 * than a graphics card answers, and without one the hand would wait for a whole picture.
 */
export class Picking {
  /** The object that Tab has come to. */
  focused: Picked | null = null;

  constructor(
    private readonly base: BaseMap,
    private readonly movers: Movers,
    private readonly content: () => MapContent,
    private readonly marks: () => UnitMark[],
  ) {
    base.on('mousemove', ({ point }) => {
      base.getCanvas().style.cursor = this.at(point.x, point.y) ? 'pointer' : '';
    });
  }

  /** The nearest within 12 px of its symbol: an incident or a unit of ours before the other vehicles that it may lie upon. */
  at(x: number, y: number): Picked | null {
    let found: Picked | null = null;
    let least = pickPixels;
    const consider = (picked: Picked, at: LonLat, [right, down]: readonly [number, number], half: number) => {
      const point = this.base.project(at);
      const distance = Math.hypot(point.x + right - x, point.y + down - y) - half;
      if (distance < least) {
        least = distance;
        found = picked;
      }
    };
    for (const { id, at, offset } of this.marks()) {
      consider({ kind: 'unit', id }, at, offset, unitPixels / 2);
    }
    for (const { id, place, priority } of this.content().incidents) {
      consider({ kind: 'incident', id }, [place.lon, place.lat], [0, 0], diamondPixels[priority] / 2);
    }
    return found ?? this.vehicleAt(x, y) ?? this.closureAt(x, y);
  }

  /** A click on a number shows whom it stands for. */
  clusterAt(x: number, y: number): LonLat | null {
    const zoom = this.base.getZoom();
    const hit = this.movers.clusters.find(({ at, count }) => {
      const point = this.base.project(at);
      return Math.hypot(point.x - x, point.y - y) <= Math.max(pickPixels, clusterRadius(count, zoom));
    });
    return hit?.at ?? null;
  }

  /** The next object in view for Tab: incidents by urgency, then units at work, then the others. Null past the last. */
  focusNext(step: 1 | -1): Picked | null {
    const bounds = this.base.getBounds();
    const objects: Picked[] = [
      ...[...this.content().incidents]
        .sort((one, other) => one.priority - other.priority)
        .filter(({ place }) => bounds.contains([place.lon, place.lat]))
        .map(({ id }): Picked => ({ kind: 'incident', id })),
      ...this.marks()
        .sort((one, other) => Number(one.unit.status === 'available') - Number(other.unit.status === 'available'))
        .filter(({ at }) => bounds.contains(at))
        .map(({ id }): Picked => ({ kind: 'unit', id })),
      ...(this.content().closures ?? [])
        .filter(({ labelAt }) => bounds.contains(labelAt))
        .map(({ id }): Picked => ({ kind: 'closure', id })),
    ];
    const at = objects.findIndex(({ id }) => id === this.focused?.id);
    this.focused = objects[at < 0 && step < 0 ? objects.length - 1 : at + step] ?? null;
    return this.focused;
  }

  private closureAt(x: number, y: number): Picked | null {
    const project = (at: LonLat): [number, number] => {
      const point = this.base.project(at);
      return [point.x, point.y];
    };
    const hit = this.content().closures?.find(({ lines }) =>
      lines.some((line) => pixelsToLine([x, y], line.map(project)) <= closurePixels),
    );
    return hit ? { kind: 'closure', id: hit.id } : null;
  }

  private vehicleAt(x: number, y: number): Picked | null {
    const [at, aside] = [this.base.unproject([x, y]), this.base.unproject([x + pickPixels, y + pickPixels])];
    const slot = this.movers.nearest(at.lng, at.lat, aside.lng - at.lng, at.lat - aside.lat, performance.now());
    return slot < 0 ? null : { kind: 'vehicle', id: positions.fleet.ids[slot] ?? '' };
  }
}
