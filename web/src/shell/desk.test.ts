import { beforeAll, describe, expect, it, vi } from 'vitest';

type DeskModule = typeof import('./desk');
let module: DeskModule;

beforeAll(async () => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
  module = await import('./desk');
});

describe('the selection', () => {
  const previous = (...selected: (string | null)[]) => {
    module.useDesk.setState({ incidentId: null, previousIncidentId: null });
    for (const id of selected) {
      module.desk.selectIncident(id);
    }
    return module.useDesk.getState().previousIncidentId;
  };

  it('knows the incident before it, however often the same one is selected', () => {
    expect(previous('one')).toBeNull();
    expect(previous('one', 'two')).toBe('one');
    expect(previous('one', 'two', 'two')).toBe('one');
    expect(previous('one', 'two', 'one')).toBe('two');
  });

  it('also where a call is taken in between', () => {
    module.useDesk.setState({ incidentId: 'two', previousIncidentId: 'one', formOpen: true });
    module.desk.selectIncident('two');
    expect(module.useDesk.getState().previousIncidentId).toBe('one');
  });

  it('is forgotten when another person sits down', () => {
    expect(previous('one', 'two', null)).toBeNull();
    expect(previous('one', 'two', null, 'three')).toBeNull();
  });
});
