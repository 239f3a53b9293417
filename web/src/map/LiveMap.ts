import { AttributionControl, Map as BaseMap, type MapMouseEvent, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { CityView, LonLat } from '../api/contract';
import { positions } from '../feed/positions';
import { serverNow, useClock } from '../shell/clock';
import { fontFamily, type ThemeName } from '../shell/theme';
import { stationsOf } from '../units/order';
import { type MapContent, type MapEvents, nothing } from './content';
import { type TrailDrawing, useMapState } from './control';
import { Frames } from './frames';
import { frameMs } from './glide';
import type { FrameClock } from './layers/movers';
import { Movers } from './movers';
import { Picking } from './Picking';
import { SceneDrawing } from './SceneDrawing';
import { StillRoom } from './StillRoom';
import type { Picked } from './scene';
import { TrailLayer } from './TrailLayer';

setWorkerUrl(workerUrl);

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
  private readonly movers = new Movers(positions.fleet);
  private readonly scene: SceneDrawing;
  private readonly picking: Picking;
  private ours: ReadonlySet<string> = new Set();
  private readonly city: CityView | null;
  private readonly trail: TrailLayer;
  private readonly still: StillRoom;
  private readonly stops: (() => void)[] = [];
  private content = nothing;
  private readonly frames = new Frames(
    (now, done) => this.onFrame(now, done),
    () => frameMs(this.metersPerPixel()),
  );
  /** More changed than places. */
  private isStale = true;
  private unitsGlideUntil = 0;

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
    this.still = new StillRoom(this.base);
    this.base.touchZoomRotate.disableRotation();
    this.base.addControl(new AttributionControl({ compact: false }), 'bottom-right');
    this.base.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left');
    this.scene = new SceneDrawing(
      this.base,
      this.movers,
      clock,
      () => this.content,
      () => this.focused?.id ?? null,
    );
    this.picking = new Picking(
      this.base,
      this.movers,
      () => this.content,
      () => this.scene.marks(),
    );
    this.base.on('click', (event: MapMouseEvent) => {
      const picked = this.picking.at(event.point.x, event.point.y);
      if (picked && this.content.pin === null) {
        events.picked(picked);
      } else if (this.content.pin === null) {
        this.enterCluster(event.point.x, event.point.y);
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
      this.scene.labels.unsettle();
      this.hurry();
    });
    this.base.on('load', () => this.watch());
    this.watch();
    this.stops.push(positions.listen((slots) => this.move(slots)));
    // Who was known before the map was.
    this.move([...positions.fleet.ids.keys()]);
    const ages = window.setInterval(() => this.invalidate(), 1000);
    this.stops.push(() => window.clearInterval(ages));
  }

  show(change: Partial<MapContent>): void {
    if (change.theme && change.theme !== this.content.theme) {
      this.base.setStyle(styleUrl(change.theme));
    }
    this.content = { ...this.content, ...change };
    this.ours = new Set(this.content.units.map((unit) => unit.vehicleId));
    this.still.show([...stationsOf(this.content.units), ...this.content.hospitals]);
    this.movers.show(this.ours, this.content.hidesFleet ?? false);
    this.scene.labels.unsettle();
    this.hurry();
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

  /** The object that Tab has come to. */
  get focused(): Picked | null {
    return this.picking.focused;
  }

  focusNext(step: 1 | -1): Picked | null {
    const focused = this.picking.focusNext(step);
    this.scene.labels.unsettle();
    this.hurry();
    return focused;
  }

  remove(): void {
    for (const stop of this.stops) {
      stop();
    }
    this.frames.end();
    this.scene.remove();
    this.base.remove();
  }

  private enterCluster(x: number, y: number) {
    const center = this.picking.clusterAt(x, y);
    if (center) {
      const zoom = Math.min(15, this.base.getZoom() + 2);
      this.base.easeTo({ center, zoom, duration: reducedMotion.matches ? 0 : 250 });
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

  /** The same, for what the hand did. */
  private hurry() {
    this.isStale = true;
    this.frames.hurry();
  }

  private onFrame(now: number, done: (goesOn: boolean) => void) {
    if (this.isStale || now < this.unitsGlideUntil || (this.scene.namesMove && this.scene.labels.isDue(now))) {
      this.isStale = false;
      this.scene.draw();
    }
    this.scene.drawVehicles(() => done(this.movers.glides.isGliding(performance.now())));
  }
}
