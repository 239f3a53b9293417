import type { Fleet } from './fleet';

/** Number on this connection, vehicle id, plate, kind. */
export type IntroducedVehicle = [number: number, vehicleId: string, plate: string, kind: string];

/** The server's `Moves`, as MessagePack brings them (decision 0020). */
export type Moves = [isSnapshot: boolean, introduced: IntroducedVehicle[], rows: number[], left: number[]];

const rowLength = 6;
const stepsPerDegree = 1e6;
const columns = rowLength - 1;

/** Reads one connection's moves into the fleet: each number is the difference to what was told before. */
export class MoveReader {
  private readonly slots: number[] = [];
  /** Longitude, latitude, speed, heading, time; as told, of each number. */
  private told = new Float64Array(256 * columns);

  constructor(private readonly fleet: Fleet) {}

  /** Gives the slots of those that moved. */
  read([isSnapshot, introduced, rows, left]: Moves): number[] {
    const { fleet, slots } = this;
    if (isSnapshot) {
      fleet.here.fill(0);
    }
    for (const [number, vehicleId, plate, kind] of introduced) {
      slots[number] = fleet.introduce(vehicleId, plate, kind);
      this.forget(number);
    }
    const moved: number[] = [];
    let number = 0;
    for (let at = 0; at + rowLength <= rows.length; at += rowLength) {
      number += rows[at] ?? 0;
      const slot = slots[number];
      if (slot === undefined) {
        throw new Error(`Vehicle ${number} was never introduced.`);
      }
      const first = number * columns;
      for (let column = 0; column < columns; column++) {
        this.told[first + column] = (this.told[first + column] ?? 0) + (rows[at + column + 1] ?? 0);
      }
      fleet.here[slot] = 1;
      const told = this.told;
      const lon = (told[first] ?? 0) / stepsPerDegree;
      const lat = (told[first + 1] ?? 0) / stepsPerDegree;
      if (fleet.put(slot, lon, lat, told[first + 2] ?? -1, told[first + 3] ?? -1, (told[first + 4] ?? 0) * 100)) {
        moved.push(slot);
      }
    }
    for (const gone of left) {
      const slot = slots[gone];
      if (slot !== undefined) {
        fleet.here[slot] = 0;
      }
    }
    return moved;
  }

  private forget(number: number) {
    const first = number * columns;
    if (first + columns > this.told.length) {
      const told = new Float64Array(Math.max(first + columns, this.told.length * 2));
      told.set(this.told);
      this.told = told;
    }
    this.told.fill(0, first, first + columns);
  }
}
