import { describe, expect, it } from 'vitest';
import type { AssignmentView, LonLat } from '../api/contract';
import { type Glide, glideTo, isGliding, placeAt } from './glide';
import { type Label, mostLabels, placeLabels, textWidth } from './labels';
import { incidentMark, incidentSymbol, showsHeading, unitSymbol } from './symbolChoice';

describe('a gliding symbol', () => {
  const start = glideTo(undefined, [118, 37], 0);

  it('stands at once where its first fix is', () => {
    expect(placeAt(start, 0)).toEqual([118, 37]);
    expect(isGliding(start, 0)).toBe(false);
  });

  it('reaches the new fix within a second and never runs ahead of it', () => {
    const glide = glideTo(start, [118.01, 37], 5000);
    expect(glide.durationMs).toBeLessThanOrEqual(1000);
    expect(placeAt(glide, 5500)).toEqual([118.005, 37]);
    expect(placeAt(glide, 6000)).toEqual([118.01, 37]);
    expect(placeAt(glide, 60_000)).toEqual([118.01, 37]);
  });

  it('starts again from where it is drawn when a fix comes early', () => {
    const first = glideTo(start, [118.01, 37], 5000);
    const second: Glide = glideTo(first, [118.02, 37], 5500);
    expect(second.from).toEqual([118.005, 37]);
    expect(second.durationMs).toBe(500);
  });

  it('does not glide over a gap in the feed, nor where motion is not wanted', () => {
    expect(glideTo(start, [118.2, 37], 5000).durationMs).toBe(0);
    expect(glideTo(start, [118.001, 37], 5000, true).durationMs).toBe(0);
  });
});

describe('labels', () => {
  const project = ([x, y]: LonLat): [number, number] => [x, y];
  const label = (id: string, x: number, rank: number): Label => ({
    id,
    at: [x, 50],
    text: 'A12',
    rank,
    size: 16,
    offset: [0, 0],
    anchor: 'start',
  });

  it('give way to those that matter more', () => {
    const shown = placeLabels([label('low', 10, 8), label('high', 12, 2), label('free', 200, 9)], project, [400, 100], 150);
    expect(shown.map(({ id }) => id)).toEqual(['high', 'free']);
  });

  it('of the selected thing are always shown', () => {
    expect(
      placeLabels([label('p1', 10, 2), label('chosen', 12, 0), label('other', 14, 0)], project, [400, 100], 150),
    ).toHaveLength(2);
  });

  it('outside the screen take no room, and there are never more than the bound', () => {
    expect(placeLabels([label('out', 900, 1)], project, [400, 100], 150)).toEqual([]);
    const many = Array.from({ length: 300 }, (_, i) => label(`u${i}`, i * 40, 5));
    expect(placeLabels(many, project, [20_000, 100], mostLabels(13))).toHaveLength(150);
    expect(mostLabels(11)).toBe(40);
  });

  it('never cover what is kept free, unless selected', () => {
    const kept = [{ at: [20, 50] as LonLat, side: 36 }];
    const shown = placeLabels(
      [label('over', 10, 2), label('chosen', 12, 0), label('beside', 100, 5)],
      project,
      [400, 100],
      150,
      kept,
    );
    expect(shown.map(({ id }) => id)).toEqual(['chosen', 'beside']);
  });

  it('are measured with Chinese characters as wide as high', () => {
    expect(textWidth('医院', 14)).toBe(28);
    expect(textWidth('A12', 10)).toBeCloseTo(17.4);
  });
});

describe('the choice of a symbol', () => {
  const assignment = (status: AssignmentView['status'], active = true) => ({ status, active }) as AssignmentView;

  it('says what an incident is waiting for', () => {
    expect(incidentMark({ status: 'waiting', assignments: [] })).toBe('waiting');
    expect(incidentMark({ status: 'running', assignments: [assignment('enRoute')] })).toBe('running');
    expect(incidentMark({ status: 'running', assignments: [assignment('enRoute'), assignment('atPatient')] })).toBe('onScene');
    expect(incidentMark({ status: 'running', assignments: [assignment('onScene', false)] })).toBe('running');
  });

  it('marks an address that was not read back', () => {
    expect(incidentSymbol(1, 'waiting', false)).toBe('incident.1.waiting.unsure');
  });

  it('shows a heading only of what drives, and only while the fix is young', () => {
    const driving = { speedKmh: 40, headingDegrees: 90 };
    expect(showsHeading(driving, 'fresh')).toBe(true);
    expect(showsHeading({ ...driving, speedKmh: 5 }, 'fresh')).toBe(false);
    expect(showsHeading(driving, 'old')).toBe(false);
    expect(unitSymbol('enRoute', 'old')).toBe('unit.enRoute.old');
  });
});
