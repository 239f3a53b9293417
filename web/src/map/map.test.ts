import { describe, expect, it } from 'vitest';
import type { AssignmentView, LonLat } from '../api/contract';
import { frameMs, Glides } from './glide';
import { type Label, mostLabels, placeLabels, textWidth } from './labels';
import { frameOf, incidentMark, incidentSymbol, showsHeading, unitFrames, unitSymbol } from './symbolChoice';

describe('a gliding symbol', () => {
  const begin = (): Glides => {
    const glides = new Glides();
    glides.go(3, 118, 37, 1000);
    return glides;
  };
  const placeAt = (glides: Glides, nowMs: number) => [glides.lonAt(3, nowMs), glides.latAt(3, nowMs)];

  it('stands at once where its first fix is', () => {
    expect(placeAt(begin(), 1000)).toEqual([118, 37]);
    expect(begin().isGliding(1000)).toBe(false);
  });

  it('reaches the new fix within a second and never runs ahead of it', () => {
    const glides = begin();
    glides.go(3, 118.01, 37, 6000);
    expect(placeAt(glides, 6500)[0]).toBeCloseTo(118.005, 9);
    expect(glides.isGliding(6999)).toBe(true);
    expect(placeAt(glides, 7000)).toEqual([118.01, 37]);
    expect(glides.isGliding(7000)).toBe(false);
    expect(placeAt(glides, 60_000)).toEqual([118.01, 37]);
  });

  it('starts again from where it is drawn when a fix comes early', () => {
    const glides = begin();
    glides.go(3, 118.01, 37, 6000);
    glides.go(3, 118.02, 37, 6500);
    expect(placeAt(glides, 6500)[0]).toBeCloseTo(118.005, 9);
    expect(placeAt(glides, 7000)).toEqual([118.02, 37]);
  });

  it('does not glide over a gap in the feed, nor where motion is not wanted', () => {
    const glides = begin();
    glides.go(3, 118.2, 37, 6000);
    expect(placeAt(glides, 6000)).toEqual([118.2, 37]);
    glides.go(3, 118.201, 37, 7000, true);
    expect(placeAt(glides, 7000)).toEqual([118.201, 37]);
  });

  it('is drawn as often as the eye can tell: thirty times a second in a street, four over the city', () => {
    expect(frameMs(0.5)).toBe(33);
    expect(frameMs(4)).toBeGreaterThan(50);
    expect(frameMs(60)).toBe(250);
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
    expect(unitSymbol('square', 'enRoute', 'old')).toBe('unit.square.enRoute.old');
  });
});

describe('the frame of a unit', () => {
  it('says whose it is, so that it is told apart without colour', () => {
    expect(['ems', 'fire', 'police', 'traffic', 'power', 'gas', 'emergency'].map(frameOf)).toEqual([
      'square',
      'pentagon',
      'hexagon',
      'hexagon',
      'trapezoid',
      'trapezoid',
      'trapezoid',
    ]);
    const names = unitFrames.map((frame) => unitSymbol(frame, 'standby', 'fresh'));
    expect(new Set(names).size).toBe(4);
  });
});
