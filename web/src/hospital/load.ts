import type { HospitalNow, Report, SentPrealert } from './api';

// How full a hospital is and what it can do, as signs: pure.

export const capabilityNames = ['chestPain', 'stroke', 'trauma', 'obstetric', 'pediatric', 'poisoning'] as const;
type CapabilityName = (typeof capabilityNames)[number];

/** The key of its text; of one that this console does not know yet, null. */
export const capabilityKey = (code: string): `hospital.capabilities.${CapabilityName}` | null => {
  const known = capabilityNames.find((name) => name === code);
  return known ? `hospital.capabilities.${known}` : null;
};

/** Of four bars so many are full: one as soon as a bed is taken, all only where none is free. Null where nobody counted. */
export function loadOf(report: Pick<Report, 'beds' | 'freeBeds'> | null): { taken: number; beds: number; bars: number } | null {
  if (report?.beds == null || report.freeBeds === null) {
    return null;
  }
  const taken = report.beds - report.freeBeds;
  const share = report.beds === 0 ? 1 : taken / report.beds;
  return { taken, beds: report.beds, bars: share >= 1 ? 4 : share <= 0 ? 0 : Math.min(3, Math.ceil(share * 4)) };
}

/** The diversions that are in force, those of all patients first. What is read late is over when the clock says so. */
export const diversionsOf = ({ report }: Pick<HospitalNow, 'report'>, now: number) =>
  (report?.diversions ?? [])
    .filter(({ until }) => Date.parse(until) > now)
    .sort((one, other) => Number(one.capability !== null) - Number(other.capability !== null));

/** Whether what was read of a run's pre-alerts may have changed with this hospital. Null: with any. */
export const concerns = (sent: readonly SentPrealert[] | undefined, hospitalId: string | null): boolean =>
  hospitalId === null || !sent || sent.length === 0 || sent.some((one) => one.hospitalId === hospitalId);
