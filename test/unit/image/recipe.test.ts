import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { productFolder } from '#core/exec/paths.ts';
import { parsePackages, readRecipe, splitPackages, suiteNamed } from '#core/image/recipe.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breakwater-recipe-'));
  await cp(join(productFolder(), 'image'), folder, { recursive: true });
});
afterEach(async () => rm(folder, { recursive: true }));

test('packages are told without comments, blanks and order', () => {
  expect(parsePackages('# routing\nfrr  # and its daemons\n\n  bind9\n')).toEqual(['bind9', 'frr']);
  expect(parsePackages('bind9\nfrr\n')).toEqual(parsePackages('frr\nbind9\n'));
});

test('a path behind the name asks for that part of a package alone', () => {
  expect(splitPackages(parsePackages('frr\nansible  /usr/lib/x # filters\n'))).toEqual({
    whole: ['frr'],
    parts: [{ name: 'ansible', path: '/usr/lib/x' }],
  });
});

test('the same recipe has the same ids wherever it lies', async () => {
  const [here, there] = [await readRecipe(folder), await readRecipe(join(productFolder(), 'image'))];
  expect([here.id, here.packagesId]).toEqual([there.id, there.packagesId]);
  expect(here.id).toMatch(/^[0-9a-f]{16}$/);
});

test('another suite is another image, and an unknown one is refused', async () => {
  const [today, older] = [await readRecipe(folder), await readRecipe(folder, 'bookworm')];
  expect(today.suite).toBe('trixie');
  expect(older.packagesId).not.toBe(today.packagesId);
  expect(suiteNamed(undefined)).toBe('trixie');
  expect(() => suiteNamed('buster')).toThrow('there is no node image of the Debian suite "buster"');
});

test('a changed file is another image on the same packages', async () => {
  const before = await readRecipe(folder);
  await writeFile(join(folder, 'setup.sh'), '#!/bin/sh\n');
  const after = await readRecipe(folder);
  expect(after.id).not.toBe(before.id);
  expect(after.packagesId).toBe(before.packagesId);
});

test('a package more is another image on other packages', async () => {
  const before = await readRecipe(folder);
  await writeFile(join(folder, 'packages.txt'), 'frr\n');
  const after = await readRecipe(folder);
  expect(after.id).not.toBe(before.id);
  expect(after.packagesId).not.toBe(before.packagesId);
});

test('a comment about packages builds no packages anew', async () => {
  const before = await readRecipe(folder);
  await writeFile(join(folder, 'packages.txt'), `${before.packages.toReversed().join('\n')} # other words\n`);
  expect((await readRecipe(folder)).packagesId).toBe(before.packagesId);
});
