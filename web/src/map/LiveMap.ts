import { MapboxOverlay } from '@deck.gl/mapbox';
import { AttributionControl, Map as BaseMap, type MapMouseEvent, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { CityView, LonLat } from '../api/contract';
import { positions } from '../feed/positions';
import { serverNow, useClock } from '../shell/clock';
import { fontFamily, type ThemeName } from '../shell/theme';
import { stationsOf } from '../units/order';
import { clusterPixels, clusterRadius } from './clusters';
import { type MapContent, type MapEvents, nothing } from './content';
import { type TrailDrawing, useMapState } from './control';
import { Frames } from './frames';
import { frameMs } from './glide';
import { type Label, mostLabels, placeLabels } from './labels';
import { attentionLayers, routeLayers } from './layers/attention';
import { clusterLayers } from './layers/clusters';
import { incidentLayers } from './layers/incidents';
import { labelLayers } from './layers/labels';
import { type FrameClock, MoversLayer } from './layers/movers';
import { placeLayers } from './layers/places';
import { unitLayers } from './layers/units';
import { fleetMarks, labelsOf, unitMarks } from './marks';
import { drawMoverAtlas } from './moverSymbols';
import { Movers } from './movers';
import type { FleetMark, Picked, Scene, UnitMark } from './scene';
import { diamondPixels } from './symbolChoice';
import { type Atlas, drawAtlas } from './symbols';
import { TrailLayer } from './TrailLayer';

setWorkerUrl(workerUrl);

const labelsMs = 200;
const clustersMs = 950;
const pickPixels = 12;
/** Below this a name beside each vehicle would hide the streets. */
const fleetLabelsFromZoom = 15;
/** Vehicles a little outside are watched, too: none appears or vanishes at the very edge. */
const margin = 0.05;
const styleUrl = (theme: ThemeName) => `${location.origin}/tiles/styles/${theme}.json`;
const clock: FrameClock = {
  nowMs: () => performance.now(),
  serverMs: serverNow,
  speed: () => useClock.getState().clock.speed,
};
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

/** The base map with the live symbols over it. Draws when something changed, glides while something moves. */
export class LiveMap {
  readonly base: BaseMap;
  /** The object that Tab has come to. */
  focused: Picked | null = null;
  private readonly overlay: MapboxOverlay;
  private readonly movers = new Movers(positions.fleet);
  private moversLayer: MoversLayer | null = null;
  private moversAtlas: HTMLCanvasElement | null = null;
  private ours: ReadonlySet<string> = new Set();
  private readonly city: CityView | null;
  private readonly trail: TrailLayer;
  private readonly stops: (() => void)[] = [];
  private content = nothing;
  private atlas: Atlas | null = null;
  private atlasTheme: ThemeName | null = null;
  private labels: Label[] = [];
  private labelledAt = 0;
  private clusterScale = 0;
  private clusteredAt = 0;
  private frame = 0;
  private readonly frames = new Frames(
    (now) => this.onFrame(now),
    () => frameMs(this.metersPerPixel()),
  );
  /** More changed than places. */
  private isStale = true;
  private unitsGlideUntil = 0;
  /** Names stand beside vehicles of the fleet. */
  private namesMove = false;

  constructor(container: HTMLElement, city: CityView | null, theme: ThemeName, events: MapEvents) {
    this.city = city;
    this.content = { ...nothing, theme };
    this.base = new BaseMap({
      container,
      style: styleUrl(theme),
      center: city?.center ?? [118.67, 37.43],
      zoom: city?.zoom ?? 10,
      attributionControl: false,
      // Rotation is off: north stays up, so that the picture in the head fits the picture on the screen.
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      keyboard: false,
      fadeDuration: 0,
      localIdeographFontFamily: fontFamily,
    });
    this.trail = new TrailLayer(this.base, () => this.content.theme);
    this.base.touchZoomRotate.disableRotation();
    this.base.addControl(new AttributionControl({ compact: false }), 'bottom-right');
    this.base.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left');
    this.overlay = new MapboxOverlay({
      interleaved: false,
      // Every symbol brings its own soft edge, and each frame is drawn whole: the card need neither smooth nor keep it.
      deviceProps: { webgl: { antialias: false, preserveDrawingBuffer: false } },
      layers: [],
      pickingRadius: 12,
      getCursor: ({ isHovering }) => (isHovering ? 'pointer' : ''),
    });
    this.base.addControl(this.overlay);
    this.base.on('click', (event: MapMouseEvent) => {
      const picked = this.pick(event.point.x, event.point.y);
      if (picked && this.content.pin === null) {
        events.picked(picked);
      } else if (this.content.pin === null) {
        this.enterCluster(event);
      }
      events.clicked([event.lngLat.lng, event.lngLat.lat]);
    });
    this.base.on('style.load', () => useMapState.setState({ styleLoaded: true, trouble: null }));
    this.base.on('error', () => {
      if (!useMapState.getState().styleLoaded) {
        useMapState.setState({ trouble: 'style' });
      }
    });
    this.base.on('moveend', () => {
      this.watch();
      this.labelledAt = 0;
      this.invalidate();
    });
    this.base.on('load', () => this.watch());
    this.watch();
    this.stops.push(positions.listen((slots) => this.move(slots)));
    // Who was known before the map was.
    this.move([...positions.fleet.ids.keys()]);
    const ages = window.setInterval(() => this.invalidate(), 1000);
    this.stops.push(() => window.clearInterval(ages));
    // Letters are drawn once into the atlas: draw them again when the bundled face has come.
    void document.fonts.load(`600 16px ${fontFamily}`, 'ANKESPTHDXC1234?').then(() => {
      this.atlas = null;
      this.invalidate();
    });
  }

  show(change: Partial<MapContent>): void {
    if (change.theme && change.theme !== this.content.theme) {
      this.base.setStyle(styleUrl(change.theme));
    }
    this.content = { ...this.content, ...change };
    this.ours = new Set(this.content.units.map((unit) => unit.vehicleId));
    this.movers.show(this.ours, this.content.hidesFleet ?? false);
    this.clusteredAt = 0;
    this.labelledAt = 0;
    this.isStale = true;
    this.frames.hurry();
  }

  locate(at: LonLat): void {
    this.base.easeTo({ center: at, zoom: Math.max(this.base.getZoom(), 14), duration: reducedMotion.matches ? 0 : 250 });
  }

  /** Shows all these places at once. */
  fit(places: readonly LonLat[]): void {
    const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
    if (places.length > 0) {
      // The room may have changed in this very moment.
      this.base.resize();
      this.base.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
        padding: 48,
        maxZoom: 16,
        duration: reducedMotion.matches ? 0 : 250,
      });
    }
  }

  showTrail(trail: TrailDrawing | null): void {
    this.trail.show(trail);
  }

  home(): void {
    this.base.easeTo({
      center: this.city?.center ?? [118.67, 37.43],
      zoom: this.city?.zoom ?? 10,
      duration: reducedMotion.matches ? 0 : 250,
    });
  }

  center(): LonLat {
    const { lng, lat } = this.base.getCenter();
    return [lng, lat];
  }

  /** At the middle of the view, by the scale of Web Mercator. */
  metersPerPixel(): number {
    const { lat } = this.base.getCenter();
    return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** this.base.getZoom());
  }

  /** The next object in view for Tab: incidents by urgency, then units at work, then the others. Null past the last. */
  focusNext(step: 1 | -1): Picked | null {
    const bounds = this.base.getBounds();
    const inView = (at: LonLat) => bounds.contains(at);
    const objects: Picked[] = [
      ...[...this.content.incidents]
        .sort((one, other) => one.priority - other.priority)
        .filter(({ place }) => inView([place.lon, place.lat]))
        .map(({ id }): Picked => ({ kind: 'incident', id })),
      ...this.marks()
        .sort((one, other) => Number(one.unit.status === 'available') - Number(other.unit.status === 'available'))
        .filter(({ at }) => inView(at))
        .map(({ id }): Picked => ({ kind: 'unit', id })),
    ];
    const at = objects.findIndex(({ id }) => id === this.focused?.id);
    this.focused = objects[at < 0 && step < 0 ? objects.length - 1 : at + step] ?? null;
    this.labelledAt = 0;
    this.invalidate();
    return this.focused;
  }

  remove(): void {
    for (const stop of this.stops) {
      stop();
    }
    this.frames.end();
    this.base.remove();
  }

  private pick(x: number, y: number): Picked | null {
    const hit = this.overlay.pickObject({ x, y, radius: 12, layerIds: ['units', 'incidents'] });
    const id = (hit?.object as { id: string } | undefined)?.id;
    if (id && hit?.layer) {
      return { kind: hit.layer.id === 'units' ? 'unit' : 'incident', id };
    }
    const [at, aside] = [this.base.unproject([x, y]), this.base.unproject([x + pickPixels, y + pickPixels])];
    const slot = this.movers.nearest(at.lng, at.lat, aside.lng - at.lng, at.lat - aside.lat, performance.now());
    return slot < 0 ? null : { kind: 'vehicle', id: positions.fleet.ids[slot] ?? '' };
  }

  /** A click on a number shows whom it stands for. */
  private enterCluster({ point }: MapMouseEvent) {
    const zoom = this.base.getZoom();
    const hit = this.movers.clusters.find(({ at, count }) => {
      const { x, y } = this.base.project(at);
      return Math.hypot(x - point.x, y - point.y) <= Math.max(pickPixels, clusterRadius(count, zoom));
    });
    if (hit) {
      this.base.easeTo({ center: hit.at, zoom: Math.min(15, zoom + 2), duration: reducedMotion.matches ? 0 : 250 });
    }
  }

  private watch() {
    const bounds = this.base.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const [aside, above] = [(east - west) * margin, (north - south) * margin];
    positions.watch({
      west: Math.max(-180, west - aside),
      south: Math.max(-90, south - above),
      east: Math.min(180, east + aside),
      north: Math.min(90, north + above),
    });
  }

  private move(slots: readonly number[]) {
    const now = performance.now();
    this.movers.take(slots, now, serverNow(), reducedMotion.matches);
    if (slots.some((slot) => this.ours.has(positions.fleet.ids[slot] ?? ''))) {
      this.unitsGlideUntil = now + 1000;
      this.isStale = true;
    }
    this.frames.ask();
  }

  /** The whole picture anew. */
  private invalidate() {
    this.isStale = true;
    this.frames.ask();
  }

  private onFrame(now: number): boolean {
    if (this.isStale || now < this.unitsGlideUntil || (this.namesMove && now - this.labelledAt >= labelsMs)) {
      this.isStale = false;
      this.draw();
    } else {
      this.moversLayer?.setNeedsRedraw();
    }
    return this.movers.glides.isGliding(now);
  }

  private marks(): UnitMark[] {
    const now = performance.now();
    const { fleet } = positions;
    const { glides } = this.movers;
    const drawnAt = (vehicleId: string, to: LonLat): LonLat => {
      const slot = fleet.slotOf(vehicleId);
      return slot === undefined || !fleet.time[slot] ? to : [glides.lonAt(slot, now), glides.latAt(slot, now)];
    };
    const live = (vehicleId: string) => positions.find(vehicleId);
    return unitMarks(this.content.units, live, drawnAt, serverNow(), useClock.getState().clock.speed, [
      this.content.unitId,
      this.focused?.id,
    ]);
  }

  private draw() {
    const { theme, incidents, hospitals, incidentId, unitId, vehicleId, route, pin } = this.content;
    if (!this.atlas || !this.moversAtlas || this.atlasTheme !== theme) {
      this.atlas = drawAtlas(theme);
      this.moversAtlas = drawMoverAtlas(theme);
      this.atlasTheme = theme;
    }
    const units = this.marks();
    const stations = stationsOf(this.content.units);
    this.cluster();
    const fleet = this.fleetMarks();
    this.namesMove = fleet.length > 0;
    this.placeLabels(units, stations, fleet);
    const looking = [incidentId, unitId, this.focused?.id];
    const selected: Scene['selected'] = [
      ...incidents
        .filter(({ id }) => looking.includes(id))
        .map(({ place }) => ({ at: [place.lon, place.lat] as LonLat, offset: [0, 0] as [number, number] })),
      ...units.filter(({ id }) => looking.includes(id)),
      ...fleet.filter(({ id }) => id === vehicleId).map(({ at }) => ({ at, offset: [0, 0] as [number, number] })),
    ];
    const scene: Scene = {
      theme,
      atlas: this.atlas,
      units,
      clusters: this.movers.clusters,
      zoom: this.base.getZoom(),
      incidents,
      stations,
      hospitals,
      labels: this.labels,
      selected,
      route,
      pin,
      frame: ++this.frame,
    };
    this.moversLayer = new MoversLayer({ id: 'fleet', data: [], movers: this.movers, clock, atlas: this.moversAtlas });
    this.overlay.setProps({
      layers: [
        ...routeLayers(scene),
        ...placeLayers(scene),
        ...clusterLayers(scene),
        this.moversLayer,
        ...unitLayers(scene),
        ...incidentLayers(scene),
        ...attentionLayers(scene),
        ...labelLayers(scene),
      ],
    });
  }

  /** Once a second, and when the zoom is another one. */
  private cluster() {
    const now = performance.now();
    const zoom = this.base.getZoom();
    const scale = clusterPixels(zoom) && Math.floor(zoom);
    if (scale !== this.clusterScale || (scale !== 0 && now - this.clusteredAt >= clustersMs)) {
      this.clusterScale = scale;
      this.clusteredAt = now;
      this.movers.cluster(zoom, this.content.vehicleId ?? null);
    }
  }

  /** The selected vehicle, and in a street those in view, for their labels. */
  private fleetMarks() {
    const { vehicleId } = this.content;
    const bounds = this.base.getZoom() >= fleetLabelsFromZoom ? this.base.getBounds() : null;
    return fleetMarks(positions.fleet, this.movers, performance.now(), serverNow(), clock.speed(), vehicleId ?? null, bounds);
  }

  /** Which labels find room is settled five times a second; in between they only travel with their units. */
  private placeLabels(units: UnitMark[], stations: Scene['stations'], fleet: FleetMark[]) {
    const now = performance.now();
    if (now - this.labelledAt < labelsMs) {
      const places = new Map([...units, ...fleet].map(({ id, at }) => [id, at]));
      this.labels = this.labels.map((label) => ({ ...label, at: places.get(label.id) ?? label.at }));
      return;
    }
    this.labelledAt = now;
    const { incidents, hospitals, incidentId, unitId, vehicleId } = this.content;
    const { clientWidth, clientHeight } = this.base.getContainer();
    const zoom = this.base.getZoom();
    this.labels = placeLabels(
      labelsOf({
        units,
        incidents,
        stations,
        hospitals,
        incidentId,
        unitId: unitId ?? this.focused?.id ?? null,
        vehicleId: vehicleId ?? null,
        fleet,
        zoom,
      }),
      (at) => {
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
