import type { Bilingual } from '../api/contract';
import { request } from '../api/request';

// What 120 is judged by, as `/api/ems` says it. Seconds; times are ISO 8601.

export const groupings = ['all', 'district', 'level', 'station', 'hour'] as const;
export type Grouping = (typeof groupings)[number];

export interface FigureDefinition extends Bilingual {
  code: string;
  from: Bilingual;
  to: Bilingual;
  of: 'call' | 'incident' | 'run';
  targetSeconds: number | null;
  targetPercent: number | null;
}

export interface FigureValue {
  code: string;
  cases: number;
  /** Of how many both ends are known: the others rest on these. */
  measured: number;
  inTime: number | null;
  mean: number | null;
  p50: number | null;
  p90: number | null;
}

export interface FigureGroup {
  /** A name; 1 to 4 of a level, 0 to 23 of an hour; empty for all and outside of every district. */
  key: string;
  calls: number;
  incidents: number;
  runs: number;
  started: number;
  emptyRuns: number;
  recalled: number;
  figures: FigureValue[];
}

export interface FiguresView {
  from: string;
  to: string;
  by: Grouping;
  timeZone: string;
  definitions: FigureDefinition[];
  groups: FigureGroup[];
}

export interface FigureCase {
  id: string;
  incidentId: string | null;
  incidentNumber: string | null;
  callSign: string | null;
  station: string | null;
  district: string | null;
  level: number | null;
  since: string;
  seconds: number | null;
}

export interface DailyReport {
  day: string;
  madeAt: string;
  figures: FiguresView[];
}

/** The time that is asked for: until now. */
export interface Span {
  from: string;
  to: string;
}

const asked = ({ from, to }: Span, by: Grouping) => new URLSearchParams({ from, to, by });

export const sheetPath = (span: Span, by: Grouping): string => `/api/ems/figures.xlsx?${asked(span, by)}`;

export const figuresApi = {
  read: (span: Span, by: Grouping, signal?: AbortSignal) =>
    request<FiguresView>('GET', `/api/ems/figures?${asked(span, by)}`, { signal }),
  /** The longest first; `missing`: those that could not be measured. */
  cases: (code: string, span: Span, by: Grouping, key: string, missing: boolean, signal?: AbortSignal) =>
    request<{ cases: FigureCase[] }>(
      'GET',
      `/api/ems/figures/${code}/cases?${asked(span, by)}&${new URLSearchParams({ key, missing: String(missing), limit: '100' })}`,
      { signal },
    ),
  reports: (signal?: AbortSignal) => request<string[]>('GET', '/api/ems/reports', { signal }),
  report: (day: string, signal?: AbortSignal) => request<DailyReport>('GET', `/api/ems/reports/${day}`, { signal }),
};
