import { HubConnectionState } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import type { VehiclePosition } from '../api/contract';
import { serverNow } from '../shell/clock';
import { Fleet } from './fleet';
import { type Hub, keepConnected } from './hub';
import { MoveReader, type Moves } from './moves';

export interface Viewport {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Called with the slots of those that moved, or with none where who is in the viewport changed. */
type Listener = (slots: readonly number[]) => void;

/**
 * What the feed tells, outside React: ten batches a second would otherwise render the whole desk ten times a second.
 * Lists read it at each second, the map at each frame.
 */
class Positions {
  readonly fleet = new Fleet();
  private readonly listeners = new Set<Listener>();
  private reader = new MoveReader(this.fleet);
  private hub: Hub | null = null;
  private viewport: Viewport | null = null;
  private users = 0;

  find(vehicleId: string): VehiclePosition | undefined {
    return this.fleet.find(vehicleId);
  }

  /** Takes a place that this screen measured itself; what is older than what we have is dropped. */
  take({ vehicleId, plate, kind, lon, lat, speedKmh, headingDegrees, time }: VehiclePosition): void {
    const slot = this.fleet.introduce(vehicleId, plate, kind);
    if (this.fleet.put(slot, lon, lat, speedKmh ?? -1, headingDegrees ?? -1, Date.parse(time))) {
      this.tell([slot]);
    }
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  watch(viewport: Viewport): void {
    this.viewport = viewport;
    this.sendViewport();
  }

  /** Keeps the feed connected until the returned function is called. */
  connect(): () => void {
    this.users++;
    this.hub ??= keepConnected(
      '/hubs/positions',
      'positions',
      new MessagePackHubProtocol(),
      (connection) => {
        connection.on('moves', (moves: Moves) => this.tell(this.reader.read(moves)));
      },
      () => {
        // The numbers of vehicles are those of one connection.
        this.reader = new MoveReader(this.fleet);
        this.sendViewport();
      },
    );
    return () => {
      if (--this.users === 0) {
        this.hub?.stop();
        this.hub = null;
        this.fleet.clear();
      }
    };
  }

  private tell(slots: readonly number[]) {
    for (const listener of this.listeners) {
      listener(slots);
    }
  }

  private sendViewport() {
    const connection = this.hub?.connection;
    if (this.viewport && connection?.state === HubConnectionState.Connected) {
      connection.invoke('WatchMoves', this.viewport).catch(() => {
        // The connection went meanwhile: the next one sends the viewport again.
      });
    }
  }
}

export const positions = new Positions();

/** How old the newest place of a vehicle is, in seconds; null where there is none. */
export function fixAgeSeconds(time: string | null | undefined): number | null {
  return time ? Math.max(0, (serverNow() - Date.parse(time)) / 1000) : null;
}
