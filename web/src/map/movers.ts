import type { Fleet } from '../feed/fleet';
import { worldOf } from '../shell/geo';
import { type Cluster, clusterFleet } from './clusters';
import { Glides } from './glide';
import { categoryOf } from './moverSymbols';

/** Seconds are counted from here, so that they fit a 32-bit float; moved on every hour. */
const hourMs = 3_600_000;
/** Of a parked vehicle the heading is noise. */
const drivesOverKmh = 5;

/**
 * Every vehicle of the feed as the graphics card wants it: written in place when a vehicle moved, sent to
 * who draws when a frame is due. Where a symbol is between two fixes, how old its place looks and what it points at, the card works out.
 */
export class Movers {
  readonly glides = new Glides();
  /** On the world of `worldOf` from `origin`, two of each vehicle: within 100 km of it 32 bits hold a centimetre. */
  from = new Float32Array(0);
  to = new Float32Array(0);
  origin: [x: number, y: number] = [0, 0];
  /** Start and length of the glide, time of the fix (all in seconds), heading or −1; four of each vehicle. */
  motion = new Float32Array(0);
  /** Row of the symbols; −1 is not drawn. */
  category = new Float32Array(0);
  /** Grows when a column changed. */
  version = 0;
  /** Nobody is drawn. */
  isEmpty = true;
  private epochMs = 0;
  private epochServerMs = 0;
  private ours: ReadonlySet<string> = new Set();
  private isHidden = false;
  private clustered = new Uint8Array(0);
  /** Row of the symbols of each vehicle that may be drawn one by one, else −1: looked up when it moves, not for all at each batch. */
  private rows = new Int8Array(0);
  private sorted = 0;
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
      this.origin = worldOf([this.fleet.lon[slots[0] ?? 0] ?? 0, this.fleet.lat[slots[0] ?? 0] ?? 0]);
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
    this.sorted = 0;
    this.grow();
    this.sort();
  }

  /** Counts together who would lie upon each other; of the city's own fleet alone, and never who is looked at. */
  cluster(zoom: number, lookedAt: string | null): void {
    const { fleet, rows } = this;
    const looked = lookedAt === null ? undefined : fleet.slotOf(lookedAt);
    const isEligible = (slot: number) => rows[slot] === 0 && fleet.here[slot] === 1 && slot !== looked;
    this.clusters = clusterFleet(fleet, isEligible, zoom, this.clustered);
    this.sort();
  }

  /** A copy for who draws elsewhere. */
  columns() {
    const { size, from, to, motion, category } = this;
    return {
      from: from.slice(0, size * 2),
      to: to.slice(0, size * 2),
      motion: motion.slice(0, size * 4),
      category: category.slice(0, size),
    };
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
    const { fleet, size, rows } = this;
    for (; this.sorted < size; this.sorted++) {
      rows[this.sorted] = this.rowOf(this.sorted);
    }
    this.isEmpty = true;
    for (let slot = 0; slot < size; slot++) {
      const row = fleet.here[slot] === 1 && this.clustered[slot] !== 1 ? (rows[slot] ?? -1) : -1;
      this.category[slot] = row;
      this.isEmpty &&= row < 0;
    }
    this.version++;
  }

  private rowOf(slot: number): number {
    const { fleet } = this;
    const isOther = !this.isHidden && !this.ours.has(fleet.ids[slot] ?? '');
    return isOther ? categoryOf(fleet.kinds[slot] ?? '') : -1;
  }

  private write(slot: number) {
    const { fleet, glides, from, to, motion } = this;
    this.place(from, slot, glides.fromLon[slot] ?? 0, glides.fromLat[slot] ?? 0);
    this.place(to, slot, glides.toLon[slot] ?? 0, glides.toLat[slot] ?? 0);
    this.rows[slot] = this.rowOf(slot);
    const first = slot * 4;
    motion[first] = this.frameSeconds(glides.startMs[slot] ?? 0);
    motion[first + 1] = (glides.durationMs[slot] ?? 0) / 1000;
    motion[first + 2] = this.serverSeconds(fleet.time[slot] ?? 0);
    motion[first + 3] = (fleet.speed[slot] ?? 0) > drivesOverKmh ? (fleet.heading[slot] ?? -1) : -1;
  }

  private place(column: Float32Array, slot: number, lon: number, lat: number) {
    const [x, y] = worldOf([lon, lat]);
    column[slot * 2] = x - this.origin[0];
    column[slot * 2 + 1] = y - this.origin[1];
  }

  private grow() {
    const { size } = this.fleet;
    if (size > this.category.length) {
      const length = Math.max(256, size, this.category.length * 2);
      this.from = longer(this.from, length * 2);
      this.to = longer(this.to, length * 2);
      this.motion = longer(this.motion, length * 4);
      this.category = longer(this.category, length);
      const clustered = new Uint8Array(length);
      clustered.set(this.clustered);
      this.clustered = clustered;
      this.rows = new Int8Array(length).fill(-1);
      this.sorted = 0;
    }
  }
}

function longer(column: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const next = new Float32Array(length);
  next.set(column);
  return next;
}
