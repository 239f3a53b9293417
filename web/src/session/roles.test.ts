import { describe, expect, it } from 'vitest';
import { hasDesk, seesVehicles } from './roles';

describe('roles', () => {
  it('give a desk to dispatchers and administrators alone', () => {
    expect(['dispatcher', 'administrator', 'department', 'crew'].map((role) => hasDesk({ roles: [role] }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(hasDesk(null)).toBe(false);
  });

  it('show vehicles to everyone who is signed in with a role', () => {
    expect(seesVehicles({ roles: ['department'] })).toBe(true);
    expect(seesVehicles({ roles: [] })).toBe(false);
  });
});
