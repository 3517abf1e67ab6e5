import { expect, test } from 'vitest';

import type { Subject } from '#core/proofs/basis.ts';
import { select, type Selection, type Task, tasksOf } from '#core/proofs/select.ts';
import { drawsFrom } from '#core/run/draws.ts';

const subject = (name: string): Subject => ({ lab: 'mail/one', name, id: 'aaaaaaaaaaaaaaaa' });
const subjects = ['solution', 'start', 'accept/a', 'accept/b', 'reject/a', 'reject/b'].map(subject);
const days: Readonly<Record<string, string>> = {
  solution: '2026-11-05',
  start: '2026-11-03',
  'accept/a': '2026-11-04',
  'accept/b': '2026-11-02',
};
const tasks = tasksOf(subjects, ({ name, id }) => {
  if (name === 'reject/a') return { id: 'bbbbbbbbbbbbbbbb', on: '2026-11-01' };
  const on = days[name];
  return on === undefined ? undefined : { id, on };
});
const named = (those: readonly Task[]): string[] => those.map((it) => it.name);
const selected = (changed: boolean, rotate: number, seed = 1): Selection =>
  select(tasks, { changed, rotate, draws: drawsFrom(seed, 'test') });

test('a proof is new, of another content, or holds', () => {
  expect(tasks.map((it) => it.reason)).toEqual(['again', 'again', 'again', 'again', 'changed', 'new']);
});

test('what changed is run, what holds is left out', () => {
  const { tasks: run, holding, unproved } = selected(true, 0);
  expect(named(run)).toEqual(['reject/a', 'reject/b']);
  expect(named(holding)).toEqual(['solution', 'start', 'accept/a', 'accept/b']);
  expect(unproved).toEqual([]);
});

test('the rotating part comes first, and takes the proof of longest ago, but nothing that has none', () => {
  expect(named(selected(true, 1).tasks)).toEqual(['accept/b', 'reject/a', 'reject/b']);
  const { tasks: run, unproved } = selected(false, 1);
  expect([named(run), named(unproved)]).toEqual([['accept/b'], ['reject/a', 'reject/b']]);
});

test('every second one of the rotating part is any: nobody knows when theirs is looked at', () => {
  const drawn = Array.from({ length: 40 }, (_, seed) => selected(false, 2, seed).tasks);
  expect(drawn.every((it) => it[0]?.name === 'accept/b')).toBe(true);
  expect([...new Set(drawn.map((it) => it[1]?.name))].toSorted()).toEqual(['accept/a', 'solution', 'start']);
  expect(named(selected(false, 2, 7).tasks)).toEqual(named(selected(false, 2, 7).tasks));
});

test('no more is taken than there is, and none twice', () => {
  const { tasks: run, holding } = selected(false, 100);
  expect(named(run).toSorted()).toEqual(['accept/a', 'accept/b', 'solution', 'start']);
  expect(holding).toEqual([]);
});
