import { HubConnectionState } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import type { VehiclePosition } from '../api/contract';
import { serverNow } from '../shell/clock';
import { type Hub, keepConnected } from './hub';

export interface Viewport {
  west: number;
  south: number;
  east: number;
  north: number;
}

type Listener = (moved: VehiclePosition[]) => void;

/**
 * The newest known place of every vehicle that was told of. Outside React: ten batches a second would otherwise render
 * the whole desk ten times a second. Lists read it at each second, the map at each frame.
 */
class Positions {
  private readonly latest = new Map<string, VehiclePosition>();
  private readonly listeners = new Set<Listener>();
  private hub: Hub | null = null;
  private viewport: Viewport | null = null;
  private users = 0;

  get all(): ReadonlyMap<string, VehiclePosition> {
    return this.latest;
  }

  find(vehicleId: string): VehiclePosition | undefined {
    return this.latest.get(vehicleId);
  }

  /** Takes a batch; what is older than what we have is dropped. */
  take(batch: VehiclePosition[]): void {
    const moved = batch.filter((position) => {
      const known = this.latest.get(position.vehicleId);
      return !known || Date.parse(known.time) <= Date.parse(position.time);
    });
    for (const position of moved) {
      this.latest.set(position.vehicleId, position);
    }
    for (const listener of this.listeners) {
      listener(moved);
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
        connection.on('positions', (batch: VehiclePosition[]) => {
          this.take(batch);
        });
      },
      () => this.sendViewport(),
    );
    return () => {
      if (--this.users === 0) {
        this.hub?.stop();
        this.hub = null;
        this.latest.clear();
      }
    };
  }

  private sendViewport() {
    const connection = this.hub?.connection;
    if (this.viewport && connection?.state === HubConnectionState.Connected) {
      connection.invoke('Watch', this.viewport).catch(() => {
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
