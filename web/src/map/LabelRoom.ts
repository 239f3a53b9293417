import type { Map as BaseMap } from 'maplibre-gl';
import type { LonLat } from '../api/contract';
import type { StationState } from '../units/order';
import type { MapContent } from './content';
import { type Label, mostLabels, placeLabels } from './labels';
import { labelsOf } from './marks';
import type { FleetMark, UnitMark } from './scene';
import { diamondPixels } from './symbolChoice';

const settledMs = 200;

/** What could be labelled now. */
export interface Labelled {
  content: MapContent;
  units: UnitMark[];
  stations: readonly StationState[];
  fleet: FleetMark[];
  /** The object that Tab has come to. */
  focusedId: string | null;
}

/** The labels that found room. Which these are is settled five times a second; in between they only travel with their units. */
export class LabelRoom {
  private labels: Label[] = [];
  private settledAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly base: BaseMap) {}

  isDue(nowMs: number): boolean {
    return nowMs - this.settledAt >= settledMs;
  }

  /** What is labelled, or the view, is another one: the next picture settles it anew. */
  unsettle(): void {
    this.settledAt = Number.NEGATIVE_INFINITY;
  }

  labelsOf(labelled: Labelled, nowMs: number): Label[] {
    if (this.isDue(nowMs)) {
      this.settledAt = nowMs;
      this.labels = this.settle(labelled);
    } else {
      const places = new Map([...labelled.units, ...labelled.fleet].map(({ id, at }) => [id, at]));
      this.labels = this.labels.map((label) => ({ ...label, at: places.get(label.id) ?? label.at }));
    }
    return this.labels;
  }

  private settle({ content, units, stations, fleet, focusedId }: Labelled): Label[] {
    const { incidents, hospitals, incidentId, unitId, vehicleId } = content;
    const { clientWidth, clientHeight } = this.base.getContainer();
    const zoom = this.base.getZoom();
    return placeLabels(
      labelsOf({
        units,
        incidents,
        stations,
        hospitals,
        incidentId,
        unitId: unitId ?? focusedId,
        vehicleId: vehicleId ?? null,
        fleet,
        closures: content.closures ?? [],
        closureId: content.closureId ?? focusedId,
        zoom,
      }),
      (at: LonLat) => {
        const { x, y } = this.base.project(at);
        return [x, y];
      },
      [clientWidth, clientHeight],
      mostLabels(zoom),
      // A label over a P1 would hide what must be found first.
      incidents
        .filter(({ priority, status }) => priority === 1 && status !== 'closed')
        .map(({ place }) => ({ at: [place.lon, place.lat], side: diamondPixels[1] })),
    );
  }
}
