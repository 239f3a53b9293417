import type { SessionView } from '../api/contract';

type Who = Pick<SessionView, 'roles'> | null;

/** May take calls and dispatch. */
export const hasDesk = (who: Who): boolean =>
  who?.roles.some((role) => role === 'dispatcher' || role === 'administrator') ?? false;

/** May see where vehicles are. */
export const seesVehicles = (who: Who): boolean =>
  who?.roles.some((role) => ['dispatcher', 'administrator', 'department', 'crew'].includes(role)) ?? false;
