import { request } from '../api/request';
import { newId } from '../api/server';

// The fleet as `/api/vehicles`, `/api/terminals` and `/api/drivers` say and take it. Degrees, km/h, metres, seconds; times are ISO 8601.

export interface VehicleView {
  id: string;
  plate: string;
  kind: string;
  name: string;
  department: string | null;
  lon: number | null;
  lat: number | null;
  speedKmh: number | null;
  headingDegrees: number | null;
  time: string | null;
  terminals: number;
}

export interface Fleet {
  code: string;
  name: string;
  nameEn: string;
  vehicles: number;
}

export interface TerminalView {
  protocol: string;
  terminal: string;
  state: 'waiting' | 'approved' | 'refused';
  saidPlate: string;
  maker: string;
  model: string;
  lastSeen: string;
  remoteAddress: string;
  vehicleId: string | null;
  plate: string | null;
  kind: string | null;
  name: string | null;
  department: string | null;
}

export interface DriverView {
  id: string;
  name: string;
  department: string;
  licenceEnd: string;
  hasLeft: boolean;
  vehicleId: string | null;
  plate: string | null;
  since: string | null;
  shiftId: string | null;
}

export interface OneVehicle {
  now: string;
  vehicle: VehicleView;
  driver: { id: string; name: string; phone: string; startsAt: string; endsAt: string | null } | null;
  terminals: { protocol: string; terminal: string; maker: string; model: string; lastSeen: string }[];
}

export interface VehicleDay {
  fixes: number;
  distanceMeters: number;
  movingSeconds: number;
  idleSeconds: number;
  stoppedSeconds: number;
  maxSpeedKmh: number;
  speedLimitKmh: number;
  overspeeds: number;
  overspeedSeconds: number;
  trips: { start: string; end: string; distanceMeters: number; maxSpeedKmh: number }[];
  stops: { start: string; end: string; lon: number; lat: number }[];
}

export interface TrailView {
  trail: {
    fixes: number;
    leftOut: number;
    withinMeters: number;
    segments: { times: number[]; lons: number[]; lats: number[]; speedsKmh: (number | null)[] }[];
    gaps: { from: string; to: string; noReception: boolean }[];
  };
}

export interface TerminalMessage {
  id: string;
  kind: string;
  state: 'waiting' | 'sent' | 'received' | 'failed' | 'expired';
  text: string | null;
  createdAt: string;
  createdBy: string;
  sentAt: string | null;
  doneAt: string | null;
}

export interface VehicleQuestion {
  search: string;
  department: string;
  kind: string;
}

export type ApprovalWish = { vehicleId: string } | { plate: string; kind: string; department: string; name: string | null };

const query = (parts: Record<string, string | number | null | undefined>) =>
  new URLSearchParams(Object.entries(parts).flatMap(([key, value]) => (value ? [[key, String(value)]] : []))).toString();
const post = <Answer>(path: string, body: unknown = {}) => request<Answer>('POST', path, { body });
const terminalPath = ({ protocol, terminal }: Pick<TerminalView, 'protocol' | 'terminal'>) =>
  `/api/terminals/${protocol}/${encodeURIComponent(terminal)}`;

export const fleetApi = {
  fleets: () => request<{ fleets: Fleet[]; kinds: string[] }>('GET', '/api/fleets'),
  vehicles: (question: Partial<VehicleQuestion>, after: string | null = null, limit = 100, signal?: AbortSignal) =>
    request<{ now: string; vehicles: VehicleView[]; total: number; next: string | null }>(
      'GET',
      `/api/vehicles?${query({ ...question, after, limit })}`,
      { signal },
    ),
  vehicle: (id: string, signal?: AbortSignal) => request<OneVehicle>('GET', `/api/vehicles/${id}`, { signal }),
  changeVehicle: (id: string, wish: { name: string; kind: string; department: string | null }) =>
    post<OneVehicle>(`/api/vehicles/${id}`, wish),
  day: (id: string, date: string, signal?: AbortSignal) =>
    request<VehicleDay>('GET', `/api/vehicles/${id}/days/${date}`, { signal }),
  /** Of a day in the city's time. */
  trail: (id: string, date: string, signal?: AbortSignal) => {
    const from = new Date(`${date}T00:00:00+08:00`);
    const to = new Date(from.getTime() + 86_400_000);
    return request<TrailView>('GET', `/api/vehicles/${id}/trail?${query({ from: from.toISOString(), to: to.toISOString() })}`, {
      signal,
    });
  },

  terminals: (state: TerminalView['state'] | null, after: string | null) =>
    request<{ terminals: TerminalView[]; waiting: number; next: string | null }>(
      'GET',
      `/api/terminals?${query({ state, after, limit: 100 })}`,
    ),
  approve: (terminal: TerminalView, wish: ApprovalWish) => post<TerminalView>(`${terminalPath(terminal)}/approve`, wish),
  refuse: (terminal: TerminalView) => post<TerminalView>(`${terminalPath(terminal)}/refuse`),
  issueKey: (terminal: TerminalView) => post<{ key: string }>(`${terminalPath(terminal)}/key`),
  messages: (terminal: { protocol: string; terminal: string }, signal?: AbortSignal) =>
    request<{ messages: TerminalMessage[] }>('GET', `${terminalPath(terminal)}/messages`, { signal }),
  /** The id belongs to one message: whoever presses again after a failure sends the same. */
  send: (terminal: { protocol: string; terminal: string }, commandId: string, text: string, urgent: boolean) =>
    post<TerminalMessage>(`${terminalPath(terminal)}/messages`, { commandId, command: { kind: 'text', text, urgent } }),

  drivers: (search: string, after: string | null) =>
    request<{ drivers: DriverView[]; total: number; next: string | null }>(
      'GET',
      `/api/drivers?${query({ search, after, limit: 100 })}`,
    ),
  addDriver: (wish: { id: string; name: string; licence: string; phone: string; department: string }) =>
    post('/api/drivers', wish),
  leave: (id: string) => post(`/api/drivers/${id}/leave`),
  takeOver: (id: string, vehicleId: string) => post(`/api/drivers/${id}/shifts`, { id: newId(), vehicleId }),
  handOver: (id: string, shiftId: string) => post(`/api/drivers/${id}/shifts/${shiftId}/end`),
};
