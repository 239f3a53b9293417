import type { Fleet } from '../feed/fleet';
import { type Cluster, clusterFleet } from './clusters';
import { Glides } from './glide';
import { categoryOf } from './moverSymbols';

/** Seconds are counted from here, so that they fit a 32-bit float; moved on every hour. */
const hourMs = 3_600_000;
/** Of a parked vehicle the heading is noise. */
const drivesOverKmh = 5;

/**
 * Every vehicle of the feed as the graphics card wants it: written in place when a vehicle moved, read by the layer when
 * it draws. Where a symbol is between two fixes, how old its place looks and what it points at, the card works out.
 */
export class Movers {
  readonly glides = new Glides();
  /** Longitude and latitude, then what 32 bits lose of them; four of each vehicle, as the others. */
  from = new Float32Array(0);
  to = new Float32Array(0);
  /** Start and length of the glide, time of the fix (all in seconds), heading or −1. */
  motion = new Float32Array(0);
  /** Row of the symbols; −1 is not drawn. */
  category = new Float32Array(0);
  /** Grows when a column changed. */
  version = 0;
  private epochMs = 0;
  private epochServerMs = 0;
  private ours: ReadonlySet<string> = new Set();
  private isHidden = false;
  private clustered = new Uint8Array(0);
  /** Of the vehicles that are not drawn one by one. */
  clusters: Cluster[] = [];

  constructor(private readonly fleet: Fleet) {}

  get size(): number {
    return Math.min(this.fleet.size, this.category.length);
  }

  /** Of the frame, in the seconds of `motion`. */
  frameSeconds = (nowMs: number): number => (nowMs - this.epochMs) / 1000;

  /** Of the day, in the seconds of `motion`. */
  serverSeconds = (serverMs: number): number => (serverMs - this.epochServerMs) / 1000;

  take(slots: readonly number[], nowMs: number, serverMs: number, still: boolean): void {
    this.grow();
    if (nowMs - this.epochMs > hourMs || this.epochMs === 0) {
      this.epochMs = nowMs;
      this.epochServerMs = serverMs;
      for (let slot = 0; slot < this.size; slot++) {
        this.write(slot);
      }
    }
    const { fleet } = this;
    for (const slot of slots) {
      this.glides.go(slot, fleet.lon[slot] ?? 0, fleet.lat[slot] ?? 0, nowMs, still);
      this.write(slot);
    }
    this.sort();
  }

  /** Vehicles that are drawn as units of ours are no movers; a crew's map shows no others at all. */
  show(ours: ReadonlySet<string>, isHidden: boolean): void {
    this.ours = ours;
    this.isHidden = isHidden;
    this.grow();
    this.sort();
  }

  /** Counts together who would lie upon each other; of the city's own fleet alone, and never who is looked at. */
  cluster(zoom: number, lookedAt: string | null): void {
    const { fleet } = this;
    const isEligible = (slot: number) =>
      this.isShown(slot) && categoryOf(fleet.kinds[slot] ?? '') === 0 && fleet.ids[slot] !== lookedAt;
    this.clusters = clusterFleet(fleet, isEligible, zoom, this.clustered);
    this.sort();
  }

  isDrawn(slot: number): boolean {
    return (this.category[slot] ?? -1) >= 0;
  }

  /** Who is drawn nearest to a point, in degrees, within a box of so many around it; −1 for nobody. */
  nearest(lon: number, lat: number, withinLon: number, withinLat: number, nowMs: number): number {
    let found = -1;
    let least = 1;
    for (let slot = 0; slot < this.size; slot++) {
      if (this.isDrawn(slot)) {
        const x = (this.glides.lonAt(slot, nowMs) - lon) / withinLon;
        const y = (this.glides.latAt(slot, nowMs) - lat) / withinLat;
        const distance = x * x + y * y;
        if (distance < least) {
          least = distance;
          found = slot;
        }
      }
    }
    return found;
  }

  private sort() {
    const { fleet } = this;
    for (let slot = 0; slot < this.size; slot++) {
      this.category[slot] = this.isShown(slot) && this.clustered[slot] !== 1 ? categoryOf(fleet.kinds[slot] ?? '') : -1;
    }
    this.version++;
  }

  private isShown(slot: number): boolean {
    return !this.isHidden && this.fleet.here[slot] === 1 && !this.ours.has(this.fleet.ids[slot] ?? '');
  }

  private write(slot: number) {
    const { fleet, glides, from, to, motion } = this;
    const first = slot * 4;
    split(from, first, glides.fromLon[slot] ?? 0, glides.fromLat[slot] ?? 0);
    split(to, first, glides.toLon[slot] ?? 0, glides.toLat[slot] ?? 0);
    motion[first] = this.frameSeconds(glides.startMs[slot] ?? 0);
    motion[first + 1] = (glides.durationMs[slot] ?? 0) / 1000;
    motion[first + 2] = this.serverSeconds(fleet.time[slot] ?? 0);
    motion[first + 3] = (fleet.speed[slot] ?? 0) > drivesOverKmh ? (fleet.heading[slot] ?? -1) : -1;
  }

  private grow() {
    const { size } = this.fleet;
    if (size > this.category.length) {
      const length = Math.max(256, size, this.category.length * 2);
      this.from = longer(this.from, length * 4);
      this.to = longer(this.to, length * 4);
      this.motion = longer(this.motion, length * 4);
      this.category = longer(this.category, length);
      const clustered = new Uint8Array(length);
      clustered.set(this.clustered);
      this.clustered = clustered;
    }
  }
}

function split(column: Float32Array, first: number, lon: number, lat: number) {
  const [high, higher] = [Math.fround(lon), Math.fround(lat)];
  column[first] = high;
  column[first + 1] = higher;
  column[first + 2] = lon - high;
  column[first + 3] = lat - higher;
}

function longer(column: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const next = new Float32Array(length);
  next.set(column);
  return next;
}
