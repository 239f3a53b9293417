import type { SessionView } from '../api/contract';

type Who = Pick<SessionView, 'roles'> | null;

/** May take calls and dispatch. */
export const hasDesk = (who: Who): boolean =>
  who?.roles.some((role) => role === 'dispatcher' || role === 'administrator') ?? false;

/** May see where vehicles are. */
export const seesVehicles = (who: Who): boolean =>
  who?.roles.some((role) => ['dispatcher', 'administrator', 'department', 'crew'].includes(role)) ?? false;

export type ScreenName = 'crew' | 'admin' | 'desk' | 'map';

/** Which screen a person gets at a path. A crew has one alone, wherever it signs in. */
export function screenOf(who: Pick<SessionView, 'roles' | 'unitId'>, path: string): ScreenName {
  if (who.roles.includes('crew') && who.unitId !== null) {
    return 'crew';
  }
  if (path === '/admin' && who.roles.includes('administrator')) {
    return 'admin';
  }
  return hasDesk(who) ? 'desk' : 'map';
}

const paths: Record<ScreenName, string> = { crew: '/crew', admin: '/admin', desk: '/', map: '/' };

export const pathOf = (screen: ScreenName): string => paths[screen];
