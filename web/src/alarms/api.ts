import type { Bilingual } from '../api/contract';
import { request } from '../api/request';
import { newId } from '../api/server';

// Alarms as `/api/alarms` says and takes them. Times are ISO 8601.

export type AlarmState = 'unconfirmed' | 'confirmed' | 'clearedUnconfirmed' | 'shelved' | 'ended';
export type AlarmLevel = 1 | 2 | 3;
export type EscalatedTo = 'nextSeat' | 'supervisor' | 'phone';

/** Whom an alarm concerns: there it sounds and is pinned. */
export interface Concern {
  whom: 'ownSeat' | 'nextSeat' | 'supervisor' | 'everyDesk';
  /** The extension; null for every desk. */
  seat: string | null;
  since: string;
}

export interface Alarm {
  id: string;
  version: number;
  level: AlarmLevel;
  /** What is abnormal, as a code: alarms of one kind have one cause. */
  kind: string;
  what: Bilingual;
  action: Bilingual;
  incidentId: string | null;
  incidentNumber: string | null;
  unitId: string | null;
  callSign: string | null;
  /** The seat that works on its incident; null for nobody's own. */
  seat: string | null;
  /** When it passed its limit. */
  since: string;
  /** When it was said, the last time. */
  raisedAt: string;
  count: number;
  state: AlarmState;
  confirmed: { by: string; at: string } | null;
  shelved: { by: string; at: string; until: string; reason: string } | null;
  escalatedTo: EscalatedTo[];
  /** Of an order that no crew has confirmed: whether its vehicle or its station has it; null for all else. */
  delivered: boolean | null;
  /** Never empty. */
  concerns: Concern[];
}

/** What was raised in the last hour, by whose it was. */
export interface SeatRate {
  seat: string | null;
  a1: number;
  a2: number;
  a3: number;
  /** Of levels 1 and 2; at most 1 is aimed at. */
  perTenMinutes: number;
}

export interface Alarms {
  now: string;
  /** More than ten that sound in ten minutes. */
  flood: boolean;
  lastHour: SeatRate[];
  /** By level, then the oldest first. */
  alarms: Alarm[];
}

export const shelfMinutes = [15, 30, 60] as const;
export type ShelfMinutes = (typeof shelfMinutes)[number];

export const alarmsKey = ['alarms'] as const;

export const alarmsApi = {
  list: (signal?: AbortSignal) => request<Alarms>('GET', '/api/alarms', { signal }),
  confirm: (id: string) => request<Alarm>('POST', `/api/alarms/${id}/confirm`, { body: { commandId: newId() } }),
  shelve: (id: string, minutes: ShelfMinutes, reason: string) =>
    request<Alarm>('POST', `/api/alarms/${id}/shelve`, { body: { commandId: newId(), minutes, reason } }),
  unshelve: (id: string) => request<Alarm>('POST', `/api/alarms/${id}/unshelve`, { body: { commandId: newId() } }),
};
