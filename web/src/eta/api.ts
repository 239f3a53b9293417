import { request } from '../api/request';

// How right arrival times were, as `/api/roads/eta` says it. Shares are 0 to 1 (0.1 is 10 %), metres, seconds; times are ISO 8601.

export interface Figures {
  /** The hour, the least length in metres, the day, a district's code, `emergency` or `normal`; empty for all and outside of every district. */
  key: string;
  trips: number;
  medianError: number | null;
  classError: number | null;
  /** Above 0: vehicles came sooner than was told. */
  bias: number | null;
  banded: number;
  insideBand: number | null;
  /** Of a district. */
  name: string | null;
  nameEn: string | null;
}

export interface WorstTrip {
  vehicleId: string;
  plate: string;
  name: string;
  start: string;
  end: string;
  meters: number;
  emergency: boolean;
  predictedSeconds: number;
  lowSeconds: number | null;
  highSeconds: number | null;
  actualSeconds: number;
}

export interface EtaView {
  days: number;
  learnedShare: number | null;
  passesNeeded: number;
  all: Figures;
  byHour: Figures[];
  byLength: Figures[];
  byKind: Figures[];
  byDay: Figures[];
  byDistrict: Figures[];
  worst: WorstTrip[];
}

export const readEta = (days: number, signal?: AbortSignal) => request<EtaView>('GET', `/api/roads/eta?days=${days}`, { signal });
