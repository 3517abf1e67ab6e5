import { describe, expect, test } from 'vitest';

import type { Journey } from '#core/model/journey.ts';
import {
  describeTrack,
  endsOf,
  lineOver,
  shorten,
  svgPath,
  toneOf,
  tracksOf,
} from '../../../../renderer/drawing/tracks.ts';

const stopped: Journey = {
  check: 'spoofed',
  title: 'Nobody spoofs',
  kind: 'abuse',
  role: 'try',
  family: 'v4',
  label: '192.0.2.3, the resolver',
  path: ['ceb', 'pe1', 'p1', 'remote'],
  seenAt: ['ceb', 'pe1'],
  stoppedAt: 'pe1',
  sent: true,
  succeeded: false,
  packets: 3,
  seen: '3 of 3 packets left ceb',
};
const through: Journey = { ...stopped, seenAt: stopped.path, stoppedAt: null, succeeded: true };

describe('a track', () => {
  test('has the colour of what it means', () => {
    expect(toneOf(through)).toBe('attack');
    expect(toneOf(stopped)).toBe('stopped');
    expect(toneOf({ ...through, role: 'canary' })).toBe('service');
    expect(toneOf({ ...stopped, kind: 'service' })).toBe('broken');
    expect(toneOf({ ...stopped, sent: false })).toBeUndefined();
  });

  test('stands for all attempts that took the same way to the same end', () => {
    const tracks = tracksOf([through, stopped, { ...stopped, family: 'v6' }]);
    expect(tracks.map(({ tone, count, went }) => ({ tone, count, went }))).toEqual([
      { tone: 'attack', count: 1, went: ['ceb', 'pe1', 'p1', 'remote'] },
      { tone: 'stopped', count: 2, went: ['ceb', 'pe1'] },
    ]);
  });

  test('gives its ends a meaning: a node that lets another attack pass stops nothing', () => {
    expect(Object.fromEntries(endsOf(tracksOf([stopped])))).toEqual({ ceb: 'start', pe1: 'stopped' });
    expect(Object.fromEntries(endsOf(tracksOf([stopped, through])))).toEqual({ ceb: 'start', remote: 'attack' });
  });

  test('says in a sentence what became of it', () => {
    const say = (...journeys: Journey[]): string[] => tracksOf(journeys).map(describeTrack);
    expect(say(through, through)).toEqual(['2 attacks from ceb got through to remote']);
    expect(say(stopped)).toEqual(['1 attack from ceb towards remote stopped at pe1']);
    expect(say({ ...stopped, path: ['ceb', 'pe1'] })).toEqual(['1 attack from ceb reached pe1 and was refused there']);
    expect(say({ ...stopped, kind: 'service' })).toEqual([
      '1 legitimate attempt from ceb towards remote got as far as pe1',
    ]);
  });

  test('says of what nobody saw on its way no place where it ended', () => {
    const unseen: Journey = { ...stopped, seenAt: [], stoppedAt: null };
    const tracks = tracksOf([unseen, { ...unseen, family: 'v6' }]);
    expect(tracks).toMatchObject([{ went: ['ceb'], end: undefined }]);
    expect(Object.fromEntries(endsOf(tracks))).toEqual({ ceb: 'start' });
    expect(tracks.map(describeTrack)).toEqual([
      '2 attacks from ceb towards remote did not get through; nobody saw where they ended',
    ]);
    expect(tracksOf([{ ...unseen, kind: 'service' }]).map(describeTrack)).toEqual([
      '1 legitimate attempt from ceb towards remote did not get through; nobody saw where it ended',
    ]);
    expect(Object.fromEntries(endsOf(tracksOf([{ ...unseen, kind: 'service' }])))).toEqual({});
  });

  test('of a look is no attack: something was found, or not', () => {
    const look: Journey = { ...stopped, kind: 'inspection', seenAt: [], stoppedAt: null };
    const tracks = tracksOf([
      { ...look, succeeded: true },
      { ...look, succeeded: true },
      { ...look, succeeded: false },
    ]);
    expect(tracks.map((track) => [track.tone, describeTrack(track)])).toEqual([
      ['broken', '2 faults found at remote, looked for from ceb'],
      ['service', '1 look from ceb at remote found no fault'],
    ]);
    expect(Object.fromEntries(endsOf(tracks))).toEqual({});
  });

  test('has no line when nothing left, or when it stays on one node', () => {
    expect(
      tracksOf([
        { ...stopped, sent: false },
        { ...through, path: ['ceb'] },
      ]),
    ).toEqual([]);
  });
});

test('a line over several nodes has no point twice, and ends before its node when it is shortened', () => {
  const places = { a: { x: 0, y: 0 }, b: { x: 100, y: 0 }, c: { x: 100, y: 50 } };
  const between = (from: string, to: string) => [places[from as 'a'], places[to as 'a']];
  const has = (node: string): boolean => node in places;
  const line = lineOver(['a', 'b', 'elsewhere', 'c'], { has, between });
  expect(svgPath(line)).toBe('M0.0 0.0 L100.0 0.0 L100.0 50.0');
  expect(svgPath(shorten(line, 10))).toBe('M0.0 0.0 L100.0 0.0 L100.0 40.0');
  expect(shorten([], 10)).toEqual([]);
});
