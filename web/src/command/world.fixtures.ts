import type { AssignmentStatus, AssignmentView, Destination, FoundPlace, IncidentSummary, IncidentType } from '../api/contract';
import type { UnitView } from '../units/api';
import type { World } from './reading';

// A small board for the tests of the command line: three incidents, six units, three hospitals.

const station = { stationId: 's1', stationName: '第一急救站（演示）', stationLon: 118.6, stationLat: 37.4 };

const unit = (callSign: string, plate: string, leg: AssignmentStatus | null, incidentNumber: string | null): UnitView => ({
  id: `unit-${callSign}`,
  callSign,
  kind: 'ambulance',
  plate,
  vehicleId: `vehicle-${callSign}`,
  ...station,
  synthetic: true,
  crew: [],
  status: leg === null ? 'available' : 'assigned',
  leg,
  assignmentId: leg === null ? null : `assignment-${callSign}`,
  incidentId: incidentNumber && `incident-${incidentNumber}`,
  incidentNumber,
  position: null,
  agency: 'ems',
  capabilities: [],
  version: 1,
  duty: { onDuty: true, from: null, until: null },
  out: null,
  post: null,
  freedAt: null,
  restMinutes: 0,
});

export const units = [
  unit('A12', '鲁E·A0012', null, null),
  unit('A07', '鲁E·A0007', null, null),
  unit('A04', '鲁E·A0004', 'enRoute', 'I2'),
  unit('A09', '鲁E·A0009', 'onScene', 'I2'),
  unit('A05', '鲁E·A0005', 'leftScene', 'I2'),
  // Its call sign is the end of another one's plate.
  unit('0007', '鲁E·B1111', null, null),
  { ...unit('A66', '鲁E·A0066', null, null), status: 'outOfService' as const },
];

const incident = (number: string, complaint: string, more: Partial<IncidentSummary> = {}): IncidentSummary => ({
  id: `incident-${number}`,
  number,
  version: 1,
  status: 'waiting',
  type: 'medical',
  priority: 2,
  complaint,
  place: { lon: 118.5, lat: 37.4, address: '府前街18号', detail: null, readBack: false, foundBy: null, callerWords: null },
  receivedAt: '2026-11-30T02:00:00Z',
  openedAt: '2026-11-30T02:01:00Z',
  closedAt: null,
  disposition: null,
  assignments: [],
  agencies: [],
  ...more,
});

const assigned = (callSign: string) => ({ callSign, active: true }) as AssignmentView;

export const incidents = [
  incident('I3', '胸痛'),
  incident('I2', '车祸', { status: 'running', assignments: ['A04', 'A09', 'A05'].map(assigned) }),
  incident('I8', '跌倒', { status: 'closed' }),
  incident('I9', '中暑'),
  // Numbers begin anew each day.
  incident('I9', '溺水', { id: 'incident-I9-yesterday', receivedAt: '2026-11-29T12:00:00Z' }),
];

const hospital = (id: string, name: string): Destination => ({ id, name, kind: 'hospital', lon: 118.7, lat: 37.5 });

export const destinations = [hospital('h1', '市人民医院'), hospital('h2', '胜利油田中心医院'), hospital('h3', '市中医院')];

const type = (code: string, name: string, priority: 1 | 2 | 3 | 4, words: string[]): IncidentType => ({
  code,
  name,
  nameEn: code,
  lead: 'ems',
  priority,
  words,
  active: true,
});

export const types = [type('medical', '医疗急救', 2, ['胸痛']), type('trafficInjury', '交通事故伤人', 1, ['车祸', '相撞'])];

export const place = (name: string, district: string): FoundPlace => ({
  id: `place-${district}${name}`,
  kind: 'address',
  name,
  detail: '',
  district,
  lon: 118.55,
  lat: 37.45,
  synthetic: true,
  certainty: 'exact',
  why: null,
  note: null,
  highlights: [],
  meters: null,
});

/** Of A09's patient; the third hospital is not known to the ranking. */
export const ranking = {
  unitId: 'unit-A09',
  choice: {
    hospitals: [{ hospitalId: 'h2', reason: { zh: '道路 4:10', en: '4:10 by road' } }],
    leftOut: [{ hospitalId: 'h1', reason: { zh: '分流至 03:30:CT 故障', en: 'diverts until 03:30: CT out of order' } }],
  },
} as unknown as World['ranking'];

export const world: World = {
  incidents,
  units,
  destinations,
  ranking: null,
  types,
  places: null,
  seat: null,
  ringing: null,
  speaking: null,
  selectedId: 'incident-I3',
  previousId: 'incident-I2',
  language: 'zh',
  now: Date.parse('2026-11-30T03:00:00Z'),
};
