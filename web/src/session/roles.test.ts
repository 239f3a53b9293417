import { describe, expect, it } from 'vitest';
import { hasDesk, pathOf, screenOf, seesVehicles } from './roles';

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

describe('a person gets', () => {
  const at = (role: string, path: string, unitId: string | null = null, hospitalId: string | null = null) =>
    screenOf({ roles: [role], unitId, hospitalId }, path);

  it('the crew page as a crew, whatever the path', () => {
    expect(at('crew', '/', 'A01')).toBe('crew');
    expect(at('crew', '/admin', 'A01')).toBe('crew');
    expect(pathOf('crew')).toBe('/crew');
  });

  it('the page of their hospital as its people, whatever the path', () => {
    expect(['/', '/board', '/admin'].map((path) => at('hospital', path, null, 'h'))).toEqual([
      'hospital',
      'hospital',
      'hospital',
    ]);
    expect(pathOf('hospital')).toBe('/hospital');
    expect(at('dispatcher', '/hospital')).toBe('desk');
  });

  it('the map as a crew without a unit', () => expect(at('crew', '/crew')).toBe('map'));

  it('the fleet with a desk or a department, and nobody else', () => {
    expect(['dispatcher', 'administrator', 'department'].map((role) => at(role, '/fleet'))).toEqual(['fleet', 'fleet', 'fleet']);
    expect(at('crew', '/fleet', 'A01')).toBe('crew');
    expect(at('crew', '/fleet')).toBe('map');
  });

  it('the errors of arrival times with a desk, and nobody else', () =>
    expect(['dispatcher', 'administrator', 'department', 'crew'].map((role) => at(role, '/eta'))).toEqual([
      'eta',
      'eta',
      'map',
      'map',
    ]));

  it('administration as who has a desk and asks for it, and nobody else', () => {
    expect(at('administrator', '/admin')).toBe('admin');
    expect(at('administrator', '/')).toBe('desk');
    expect(at('dispatcher', '/admin')).toBe('admin');
    expect(at('department', '/admin')).toBe('map');
  });
});
