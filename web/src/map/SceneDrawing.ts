import { MapboxOverlay } from '@deck.gl/mapbox';
import type { Map as BaseMap } from 'maplibre-gl';
import type { LonLat } from '../api/contract';
import { positions } from '../feed/positions';
import { fontFamily, type ThemeName } from '../shell/theme';
import { stationsOf } from '../units/order';
import { clusterPixels } from './clusters';
import type { MapContent } from './content';
import { LabelRoom } from './LabelRoom';
import { attentionLayers } from './layers/attention';
import { drawGround } from './layers/ground';
import { incidentLayers } from './layers/incidents';
import { drawLabels } from './layers/labels';
import { type FrameClock, MoversLayer } from './layers/movers';
import { placeLayers } from './layers/places';
import { unitLayers } from './layers/units';
import { fleetMarks, unitMarks } from './marks';
import { drawMoverAtlas } from './moverSymbols';
import type { Movers } from './movers';
import { Sketch } from './pinned';
import { pictureOf, type Scene, type UnitMark } from './scene';
import { type Atlas, drawAtlas } from './symbols';

const clustersMs = 950;
/** Below this a name beside each vehicle would hide the streets. */
const fleetLabelsFromZoom = 15;

/** Everything over the base map, lowest first: the ground, the vehicles of the feed, what this desk works with, the names. */
export class SceneDrawing {
  readonly labels: LabelRoom;
  /** Names stand beside vehicles of the fleet. */
  namesMove = false;
  private readonly ground: Sketch;
  private readonly vehicles: MoversLayer;
  private readonly overlay: MapboxOverlay;
  private readonly names: Sketch;
  private atlas: Atlas | null = null;
  private atlasTheme: ThemeName | null = null;
  /** What the overlay shows. */
  private picture = '';
  /** Zoom and selection, which is never counted in. */
  private clusteredFor = '';
  private clusteredAt = 0;
  private frame = 0;

  constructor(
    private readonly base: BaseMap,
    private readonly movers: Movers,
    private readonly clock: FrameClock,
    private readonly content: () => MapContent,
    private readonly focusedId: () => string | null,
  ) {
    this.ground = new Sketch(base);
    base.getCanvasContainer().append(this.ground.element);
    this.vehicles = new MoversLayer(base, movers, clock);
    this.labels = new LabelRoom(base);
    this.overlay = new MapboxOverlay({
      interleaved: false,
      // Every symbol brings its own soft edge, and each frame is drawn whole: the card need neither smooth nor keep it.
      deviceProps: { webgl: { antialias: false, preserveDrawingBuffer: false } },
      layers: [],
    });
    base.addControl(this.overlay);
    // Below the scale and the sources of the map, as the overlay itself.
    this.names = new Sketch(base);
    base.addControl({ onAdd: () => this.names.element, onRemove: () => this.names.element.remove() }, 'top-left');
    // Letters are drawn once: draw them again when the bundled face has come.
    void document.fonts.load(`600 16px ${fontFamily}`, 'ANKESPTHDXC1234?').then(() => {
      this.atlas = null;
      this.ground.forget();
      this.names.forget();
    });
  }

  /** Calls `done` when the vehicles are where they are now. */
  drawVehicles(done: () => void): void {
    this.vehicles.draw(done);
  }

  remove(): void {
    this.vehicles.remove();
  }

  /** Our units where they are drawn now, on their glides. */
  marks(): UnitMark[] {
    const now = performance.now();
    const { fleet } = positions;
    const { glides } = this.movers;
    const { units, unitId } = this.content();
    const drawnAt = (vehicleId: string, to: LonLat): LonLat => {
      const slot = fleet.slotOf(vehicleId);
      return slot === undefined || !fleet.time[slot] ? to : [glides.lonAt(slot, now), glides.latAt(slot, now)];
    };
    const live = (vehicleId: string) => positions.find(vehicleId);
    return unitMarks(units, live, drawnAt, this.clock.serverMs(), this.clock.speed(), [unitId, this.focusedId()]);
  }

  draw(): void {
    const scene = this.scene();
    drawGround(this.ground, scene);
    drawLabels(this.names, scene);
    // A picture that is drawn in software holds this thread: the same one is not drawn again.
    const picture = pictureOf(scene);
    if (picture !== this.picture) {
      this.picture = picture;
      this.overlay.setProps({
        layers: [...placeLayers(scene), ...unitLayers(scene), ...incidentLayers(scene), ...attentionLayers(scene)],
      });
    }
  }

  private scene(): Scene {
    const { theme, units: everyUnit, incidents, hospitals, incidentId, unitId, vehicleId = null, route, pin } = this.content();
    const { closures = [], closureId = null, drawing = null, found = null, caller = null } = this.content();
    const { clientWidth, clientHeight } = this.base.getContainer();
    const focusedId = this.focusedId();
    const now = performance.now();
    const zoom = this.base.getZoom();
    const units = this.marks();
    const stations = stationsOf(everyUnit);
    this.cluster(zoom, vehicleId, now);
    // The selected vehicle, and in a street those in view, for their names.
    const bounds = zoom >= fleetLabelsFromZoom ? this.base.getBounds() : null;
    const fleet = fleetMarks(positions.fleet, this.movers, now, this.clock.serverMs(), this.clock.speed(), vehicleId, bounds);
    this.namesMove = fleet.length > 0;
    const looking = [incidentId, unitId, focusedId];
    const here: [number, number] = [0, 0];
    const selected: Scene['selected'] = [
      ...incidents
        .filter(({ id }) => looking.includes(id))
        .map(({ place }) => ({ at: [place.lon, place.lat] as LonLat, offset: here })),
      ...units.filter(({ id }) => looking.includes(id)).map(({ at, offset }) => ({ at, offset })),
      ...fleet.filter(({ id }) => id === vehicleId).map(({ at }) => ({ at, offset: here })),
    ];
    return {
      theme,
      atlas: this.symbols(theme),
      units,
      clusters: this.movers.clusters,
      zoom,
      incidents,
      stations,
      hospitals,
      labels: this.labels.labelsOf({ content: this.content(), units, stations, fleet, focusedId }, now),
      selected,
      route,
      pin,
      caller,
      found,
      closures,
      closureId: closureId ?? focusedId,
      drawing,
      room: [clientWidth, clientHeight],
      frame: ++this.frame,
    };
  }

  private symbols(theme: ThemeName): Atlas {
    if (!this.atlas || this.atlasTheme !== theme) {
      this.atlas = drawAtlas(theme);
      this.atlasTheme = theme;
      this.vehicles.use(drawMoverAtlas(theme));
      this.picture = '';
    }
    return this.atlas;
  }

  /** Once a second, and when the zoom or the selection is another one. */
  private cluster(zoom: number, vehicleId: string | null, nowMs: number) {
    const isCounted = clusterPixels(zoom) > 0;
    const wanted = isCounted ? `${Math.floor(zoom)} ${vehicleId}` : '';
    if (wanted !== this.clusteredFor || (isCounted && nowMs - this.clusteredAt >= clustersMs)) {
      this.clusteredFor = wanted;
      this.clusteredAt = nowMs;
      this.movers.cluster(zoom, vehicleId);
    }
  }
}
