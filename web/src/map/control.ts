import { create } from 'zustand';
import type { LonLat } from '../api/contract';

// What the rest of the desk may ask of the map, without loading its code. Only a user's own act moves the view.

export interface MapControl {
  locate(at: LonLat): void;
  /** Shows all these places at once. */
  fit(places: readonly LonLat[]): void;
  home(): void;
  center(): LonLat;
  metersPerPixel(): number;
  /** Draws where a vehicle has been, below all symbols; null takes it away. */
  showTrail(trail: TrailDrawing | null): void;
}

export interface TrailDrawing {
  /** One for each time without a gap. */
  lines: LonLat[][];
  stops: { at: LonLat; number: number }[];
}

export type MapTrouble = 'style' | 'webgl' | null;

export const useMapState = create<{ control: MapControl | null; styleLoaded: boolean; trouble: MapTrouble }>(() => ({
  control: null,
  styleLoaded: false,
  trouble: null,
}));

export const locateOnMap = (at: LonLat): void => useMapState.getState().control?.locate(at);
