import { expect, test } from 'vitest';

import { rowOf, seconds, spreadOf } from '../../../scripts/bench/figures.ts';
import { phasesOf } from '../../../scripts/bench/measure-networks.ts';

test('the median of an even number lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ least: 1, median: 2.5, most: 4 });
  expect(spreadOf([3, 1, 2])).toEqual({ least: 1, median: 2, most: 3 });
});

test('nothing measured is an error, never a zero', () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('a missed target is marked', () => {
  expect(rowOf({ what: 'up', ms: [5000], targetMs: 4000 }).at(-1)).toBe('1.25 ✖');
  expect(rowOf({ what: 'up', ms: [3000], targetMs: 4000 }).at(-1)).toBe('0.75');
});

test('times have three digits that mean something', () => {
  expect([60, 4214, 41_195, 112_000].map(seconds)).toEqual(['0.06 s', '4.21 s', '41.2 s', '112 s']);
});

const said = [
  { line: 'bringing up the reference ISP', atMs: 290 },
  { line: 'laying out the configuration', atMs: 300 },
  { line: 'creating 20 nodes', atMs: 500 },
  { line: 'wiring 25 links', atMs: 700 },
  { line: 'starting 20 nodes', atMs: 800 },
  { line: 'waiting for services and routing', atMs: 900 },
  { line: 'bringing up the reference ISP: done (3.2 s)', atMs: 4000 },
];

test('the phases of up are all of its time', () => {
  const phases = phasesOf(said, 4050);
  expect(phases.map(({ ms }) => ms)).toEqual([300, 200, 200, 100, 100, 3100, 50]);
});

test('other words of the program are an error, never a phase that is missing', () => {
  expect(() => phasesOf(said.slice(1, 4), 4050)).toThrow('other things');
});
