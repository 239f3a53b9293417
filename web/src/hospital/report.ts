import type { HospitalNow, ReportBody } from './api';

/** A diversion as it is entered: a new one for so many minutes, one that is there until its end. */
export interface DiversionDraft {
  /** Empty: of all patients. */
  capability: string;
  reason: string;
  until: string | null;
  minutes: number;
}

export interface ReportDraft {
  beds: string;
  freeBeds: string;
  open: readonly string[];
  diversions: readonly DiversionDraft[];
}

/** As it was reported last: what has not changed need not be typed again. */
export function draftOf({ capabilities, report }: HospitalNow): ReportDraft {
  return {
    beds: report?.beds?.toString() ?? '',
    freeBeds: report?.freeBeds?.toString() ?? '',
    open: report ? capabilities.filter((code) => report.openCapabilities.includes(code)) : capabilities,
    diversions: (report?.diversions ?? []).map(({ capability, reason, until }) => ({
      capability: capability ?? '',
      reason,
      until,
      minutes: 60,
    })),
  };
}

/** Whole numbers, or with decimals; an empty field is not known. Anything else goes as −1, which the server refuses by name. */
export function numberIn(text: string, decimals = false): number | null {
  const typed = text.normalize('NFKC').trim();
  return typed === '' ? null : (decimals ? /^\d+(\.\d+)?$/ : /^\d+$/).test(typed) ? Number(typed) : -1;
}

/** @param now server time (ms) */
export const bodyOf = ({ beds, freeBeds, open, diversions }: ReportDraft, now: number): ReportBody => ({
  beds: numberIn(beds),
  freeBeds: numberIn(freeBeds),
  openCapabilities: open,
  diversions: diversions.map(({ capability, reason, until, minutes }) => ({
    capability: capability === '' ? null : capability,
    reason: reason.trim(),
    until: until ?? new Date(now + minutes * 60_000).toISOString(),
  })),
});
