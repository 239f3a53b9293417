import type { AssignmentStatus, OrderKind, Priority } from '../api/contract';
import { request, toProblem } from '../api/request';

// What a station's screen asks, by its own credential and never as the person who may be signed in beside it.

export interface StationView {
  now: string;
  id: string;
  name: string;
  units: StationUnit[];
  /** Oldest first. */
  orders: StationOrder[];
}

export interface StationUnit {
  id: string;
  callSign: string;
  status: 'available' | 'assigned' | 'outOfService' | 'offDuty';
  leg: AssignmentStatus | null;
}

export interface StationOrder {
  assignmentId: string;
  number: string;
  unitId: string;
  callSign: string;
  status: AssignmentStatus;
  active: boolean;
  assignedAt: string;
  expectedSeconds: number | null;
  priority: Priority;
  typeName: string;
  typeNameEn: string;
  complaint: string;
  address: string;
  detail: string | null;
  readBack: boolean;
  /** Name of the run card. */
  card: string | null;
  take: { capability: string; name: string; nameEn: string }[];
  unread: { deliveryId: string; kind: OrderKind; createdAt: string }[];
  receiptAt: string | null;
  receiptBy: string | null;
}

export interface StationName {
  id: string;
  name: string;
  nameEn: string;
}

export const stationApi = {
  read: (credential: string, signal?: AbortSignal) => request<StationView>('GET', '/api/station', { credential, signal }),
  receive: (credential: string, deliveryIds: readonly string[]) =>
    request<null>('POST', '/api/station/receipts', { credential, body: { deliveryIds } }),

  async sheet(credential: string, assignmentId: string): Promise<Blob> {
    const response = await fetch(sheetPath(assignmentId), {
      headers: { Authorization: `Bearer ${credential}` },
      credentials: 'omit',
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok) {
      throw toProblem(response.status, await response.json().catch(() => null));
    }
    return response.blob();
  },

  // As the dispatcher who is signed in.
  stations: (signal?: AbortSignal) => request<{ stations: StationName[] }>('GET', '/api/stations', { signal }),
  issue: (stationId: string) => request<{ credential: string }>('POST', `/api/stations/${stationId}/screen`, { body: {} }),
};

/** The 派车单 of an assignment. */
export const sheetPath = (assignmentId: string): string => `/api/assignments/${assignmentId}/order.pdf`;
