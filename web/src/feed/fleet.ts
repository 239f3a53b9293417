import type { VehiclePosition } from '../api/contract';

/**
 * The newest known place of every vehicle that was told of, as columns: ten batches a second of hundreds of vehicles make
 * no object. A vehicle keeps its slot for as long as the page lives, over lost connections too.
 */
export class Fleet {
  readonly ids: string[] = [];
  readonly plates: string[] = [];
  readonly kinds: string[] = [];
  lon = new Float64Array(256);
  lat = new Float64Array(256);
  /** km/h; −1 where not measured. */
  speed = new Int16Array(256);
  /** Degrees clockwise from north; −1 where not measured. */
  heading = new Int16Array(256);
  /** When the fix was made, ms since 1970; 0 before the first. */
  time = new Float64Array(256);
  /** 1 while the feed tells of it: it is in the viewport. */
  here = new Uint8Array(256);
  private slots = new Map<string, number>();

  get size(): number {
    return this.ids.length;
  }

  slotOf(vehicleId: string): number | undefined {
    return this.slots.get(vehicleId);
  }

  /** The slot of a vehicle, a new one where it has none. */
  introduce(vehicleId: string, plate: string, kind: string): number {
    let slot = this.slots.get(vehicleId);
    if (slot === undefined) {
      slot = this.ids.length;
      this.slots.set(vehicleId, slot);
      this.ids.push(vehicleId);
      this.grow(slot + 1);
    }
    this.plates[slot] = plate;
    this.kinds[slot] = kind;
    return slot;
  }

  /** Takes a place unless a newer one is known. */
  put(slot: number, lon: number, lat: number, speed: number, heading: number, time: number): boolean {
    if ((this.time[slot] ?? 0) > time) {
      return false;
    }
    this.lon[slot] = lon;
    this.lat[slot] = lat;
    this.speed[slot] = speed;
    this.heading[slot] = heading;
    this.time[slot] = time;
    return true;
  }

  at(slot: number): VehiclePosition | undefined {
    const time = this.time[slot];
    if (!time) {
      return undefined;
    }
    const [speed, heading] = [this.speed[slot] ?? -1, this.heading[slot] ?? -1];
    return {
      vehicleId: this.ids[slot] ?? '',
      plate: this.plates[slot] ?? '',
      kind: this.kinds[slot] ?? '',
      lon: this.lon[slot] ?? 0,
      lat: this.lat[slot] ?? 0,
      speedKmh: speed < 0 ? null : speed,
      headingDegrees: heading < 0 ? null : heading,
      time: new Date(time).toISOString(),
    };
  }

  find(vehicleId: string): VehiclePosition | undefined {
    const slot = this.slots.get(vehicleId);
    return slot === undefined ? undefined : this.at(slot);
  }

  /** Forgets every place; the slots stay. */
  clear(): void {
    this.time.fill(0);
    this.here.fill(0);
  }

  private grow(size: number) {
    if (size > this.lon.length) {
      const length = this.lon.length * 2;
      this.lon = copy(new Float64Array(length), this.lon);
      this.lat = copy(new Float64Array(length), this.lat);
      this.speed = copy(new Int16Array(length), this.speed);
      this.heading = copy(new Int16Array(length), this.heading);
      this.time = copy(new Float64Array(length), this.time);
      this.here = copy(new Uint8Array(length), this.here);
    }
  }
}

/** A larger array with what a smaller one held. */
export function copy<Column extends { set(from: Column): void }>(into: Column, from: Column): Column {
  into.set(from);
  return into;
}
