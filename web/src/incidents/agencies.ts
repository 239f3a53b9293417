import type { TFunction } from 'i18next';
import type { AgencyStatus } from '../api/contract';

// What other agencies do on an incident, as their desks tell it. Any may follow any; this is the usual way.

const usual: readonly AgencyStatus[] = ['notified', 'accepted', 'enRoute', 'onScene', 'done'];

export const agencyStatuses: readonly AgencyStatus[] = [...usual, 'refused'];

/** Null where it is done, or does not come. */
export const nextOfAgency = (status: AgencyStatus): AgencyStatus | null =>
  status === 'refused' ? null : (usual[usual.indexOf(status) + 1] ?? null);

/** A code that an administrator made has no text here: it stands as it is. */
export const agencyName = (agency: string, t: TFunction): string => t(`agencies.${agency}`, { defaultValue: agency });
