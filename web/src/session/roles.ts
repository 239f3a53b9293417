import type { SessionView } from '../api/contract';

type Who = Pick<SessionView, 'roles'> | null;

/** May take calls and dispatch. */
export const hasDesk = (who: Who): boolean =>
  who?.roles.some((role) => role === 'dispatcher' || role === 'administrator') ?? false;

/** May see where vehicles are. */
export const seesVehicles = (who: Who): boolean =>
  who?.roles.some((role) => ['dispatcher', 'administrator', 'department', 'crew'].includes(role)) ?? false;

/** May look up vehicles and what they did: departments their own fleet. */
export const seesFleet = (who: Who): boolean => hasDesk(who) || (who?.roles.includes('department') ?? false);

/** May say who drives what: administrators everywhere, departments in their own fleet. */
export const keepsDrivers = (who: Who): boolean =>
  who?.roles.some((role) => role === 'administrator' || role === 'department') ?? false;

export type ScreenName = 'crew' | 'hospital' | 'admin' | 'fleet' | 'eta' | 'figures' | 'closures' | 'board' | 'desk' | 'map';

/** Which screen a person gets at a path. A crew and the people of a hospital have one alone, wherever they sign in. */
export function screenOf(who: Pick<SessionView, 'roles' | 'unitId' | 'hospitalId'>, path: string): ScreenName {
  if (who.roles.includes('crew') && who.unitId !== null) {
    return 'crew';
  }
  if (who.roles.includes('hospital') && who.hospitalId !== null) {
    return 'hospital';
  }
  if (path === '/admin' && hasDesk(who)) {
    return 'admin';
  }
  if (path === '/fleet' && seesFleet(who)) {
    return 'fleet';
  }
  if (path === '/eta' && hasDesk(who)) {
    return 'eta';
  }
  if (path === '/figures' && hasDesk(who)) {
    return 'figures';
  }
  if (path === '/closures' && seesFleet(who)) {
    return 'closures';
  }
  if (path === '/board' && hasDesk(who)) {
    return 'board';
  }
  return hasDesk(who) ? 'desk' : 'map';
}

const paths: Record<ScreenName, string> = {
  crew: '/crew',
  hospital: '/hospital',
  admin: '/admin',
  fleet: '/fleet',
  eta: '/eta',
  figures: '/figures',
  closures: '/closures',
  board: '/board',
  desk: '/',
  map: '/',
};

export const pathOf = (screen: ScreenName): string => paths[screen];
