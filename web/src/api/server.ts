import type { AvlFix, CrewDevice, CrewTask, MilestoneCommand } from '../crew/api';
import type { Recommendations, UnitView, Wish } from '../units/api';
import type {
  Board,
  CityView,
  ClockView,
  Destination,
  Disposition,
  FoundPlace,
  Hospital,
  IncidentDetail,
  IncidentType,
  LonLat,
  Milestone,
  NamedPlace,
  NewIncident,
  Priority,
  Route,
  SessionView,
} from './contract';
import { request } from './request';

// Every request the console makes, by name. A command id made anew belongs to one press of a key; where a person may
// press again after a failure (the call form) the caller keeps the id.

/** A random UUID (version 4). `crypto.randomUUID` exists on https alone; a desk in the city's own network may use http. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const point = ([lon, lat]: LonLat) => `${lon.toFixed(6)},${lat.toFixed(6)}`;

export const server = {
  session: () => request<SessionView>('GET', '/api/session'),
  signIn: (userName: string, password: string) => request<SessionView>('POST', '/api/session', { body: { userName, password } }),
  signOut: () => request<null>('DELETE', '/api/session'),

  // The clock is asked often and short: its silence is how a dead network is noticed within five seconds.
  clock: () => request<ClockView>('GET', '/api/clock', { timeoutMilliseconds: 3000 }),
  pulse: () =>
    request<{ database: boolean; telephony: 'up' | 'down' | 'none' }>('GET', '/api/pulse', { timeoutMilliseconds: 3000 }),
  city: () => request<CityView>('GET', '/api/city'),
  places: (text: string, near: LonLat | null, limit: number, signal?: AbortSignal) => {
    const query = new URLSearchParams({ q: text, limit: String(limit) });
    if (near) {
      query.set('lon', near[0].toFixed(6));
      query.set('lat', near[1].toFixed(6));
    }
    return request<{ places: FoundPlace[] }>('GET', `/api/places?${query}`, { signal });
  },
  placeAt: ([lon, lat]: LonLat) => request<NamedPlace>('GET', `/api/places/at?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}`),
  route: (from: LonLat, to: LonLat, signal?: AbortSignal) =>
    request<Route>('GET', `/api/roads/route?from=${point(from)}&to=${point(to)}`, { signal }),

  reference: () => request<{ types: IncidentType[] }>('GET', '/api/dispatch/reference'),
  board: (signal?: AbortSignal) => request<Board>('GET', '/api/board', { signal }),
  incident: (id: string, signal?: AbortSignal) => request<IncidentDetail>('GET', `/api/incidents/${id}`, { signal }),
  recommend: (wish: Wish, signal?: AbortSignal) =>
    request<Recommendations>('POST', '/api/recommendations', { body: wish, signal }),
  destinations: () => request<{ destinations: Destination[] }>('GET', '/api/destinations'),
  hospitals: () => request<{ hospitals: Hospital[] }>('GET', '/api/hospitals'),

  openIncident: (incident: NewIncident) => request<IncidentDetail>('POST', '/api/incidents', { body: incident }),
  /** All of them, or none. `recommendationId`: by which they were chosen. */
  assign: (id: string, unitIds: readonly string[], recommendationId: string | null = null) =>
    request<IncidentDetail>('POST', `/api/incidents/${id}/assignments`, {
      body: { commandId: newId(), unitIds, recommendationId },
    }),
  divert: (assignmentId: string, toIncidentId: string, reason: string) =>
    request<{ from: IncidentDetail; to: IncidentDetail }>('POST', `/api/assignments/${assignmentId}/divert`, {
      body: { commandId: newId(), toIncidentId, reason },
    }),
  /** It ends, and goes on as the other one. */
  merge: (id: string, otherId: string, reason: string) =>
    request<IncidentDetail>('POST', `/api/incidents/${id}/merge`, { body: { commandId: newId(), otherId, reason } }),
  addNote: (id: string, text: string) =>
    request<IncidentDetail>('POST', `/api/incidents/${id}/notes`, { body: { commandId: newId(), text } }),
  changePriority: (id: string, priority: Priority) =>
    request<IncidentDetail>('POST', `/api/incidents/${id}/priority`, { body: { commandId: newId(), priority } }),
  readBack: (id: string) => request<IncidentDetail>('POST', `/api/incidents/${id}/read-back`, { body: { commandId: newId() } }),
  close: (id: string, disposition: Disposition, note: string) =>
    request<IncidentDetail>('POST', `/api/incidents/${id}/close`, {
      body: { commandId: newId(), disposition, note: note.trim() || null },
    }),
  recordMilestone: (assignmentId: string, milestone: Milestone, destinationId: string | null, at: string | null = null) =>
    server.sendMilestone(assignmentId, { commandId: newId(), milestone, at, destinationId }),
  /** `keepalive`: the page may be gone before the answer comes. */
  sendMilestone: (assignmentId: string, command: MilestoneCommand, keepalive = false) =>
    request<IncidentDetail>('POST', `/api/assignments/${assignmentId}/milestones`, { body: command, keepalive }),
  cancelAssignment: (assignmentId: string, reason: string) =>
    request<IncidentDetail>('POST', `/api/assignments/${assignmentId}/cancel`, { body: { commandId: newId(), reason } }),

  moveToPost: (unitId: string, name: string, [lon, lat]: LonLat) =>
    request<UnitView>('POST', `/api/units/${unitId}/post`, { body: { commandId: newId(), name, lon, lat } }),
  leavePost: (unitId: string) => request<UnitView>('POST', `/api/units/${unitId}/leave-post`, { body: { commandId: newId() } }),

  task: (unitId: string, signal?: AbortSignal) => request<CrewTask>('GET', `/api/units/${unitId}/task`, { signal }),
  registerDevice: (unitId: string) => request<CrewDevice>('POST', `/api/units/${unitId}/device`, { body: {} }),
  sendFixes: ({ deviceId, credential }: CrewDevice, fixes: readonly AvlFix[]) =>
    request<unknown>('POST', '/api/positions/fixes', { body: { deviceId, fixes }, credential }),
};
