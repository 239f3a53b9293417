import i18next from 'i18next';
import { positions } from '../feed/positions';
import type { VehicleView } from './api';

const knownKinds = ['ambulance', 'fire', 'police', 'rescue', 'bus', 'taxi', 'truck', 'sanitation', 'municipal', 'car'] as const;

/** Kinds are the operator's own: one that has no name here is shown as entered. */
export function kindName(kind: string): string {
  const known = knownKinds.find((name) => name === kind);
  return known ? i18next.t(`fleet.kinds.${known}`) : kind;
}

/** The newest place that either the feed or the server has, and how old it is. */
export function newestPlace(vehicle: VehicleView): Pick<VehicleView, 'lon' | 'lat' | 'speedKmh' | 'headingDegrees' | 'time'> {
  const live = positions.find(vehicle.id);
  return live && (vehicle.time === null || Date.parse(live.time) > Date.parse(vehicle.time)) ? live : vehicle;
}
