import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { watchConfigurations } from '../../../electron/main/watch-configurations.ts';

let home: string;
let folder: string;
let told: string[][];
let unwatch: () => void;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'breakwater-watch-'));
  folder = join(home, 'workspaces', 'isp', 'configs');
  told = [];
});
afterEach(() => {
  unwatch();
  rmSync(home, { recursive: true, force: true });
});

const start = (): void => void (unwatch = watchConfigurations(folder, (paths) => told.push(paths), 20));
const save = (text: string): void => {
  mkdirSync(join(folder, 'pe1', 'etc'), { recursive: true });
  writeFileSync(join(folder, 'pe1', 'etc', 'motd'), text);
};
/** Saves until it is told: a watch that has only just begun may miss the first. */
const seesSaves = async (): Promise<void> => {
  let count = 0;
  await vi.waitFor(
    () => {
      save(`${(count += 1)}`);
      expect(told.flat()).toContain('pe1/etc/motd');
    },
    { timeout: 20_000, interval: 300 },
  );
};

test('a folder that is there is watched from the start, and tells nothing before somebody saves', async () => {
  save('before');
  start();
  expect(told).toEqual([]);
  await seesSaves();
});

test('a folder that is made after the start is found, and told of', async () => {
  start();
  mkdirSync(folder, { recursive: true });
  await vi.waitFor(() => expect(told).toEqual([[]]), { timeout: 20_000 });
  await seesSaves();
});

test('a folder that takes the place of another is watched in its place', async () => {
  save('before');
  start();
  renameSync(join(home, 'workspaces'), join(home, 'old'));
  mkdirSync(folder, { recursive: true });
  await vi.waitFor(() => expect(told).toContainEqual([]), { timeout: 20_000 });
  told = [];
  await seesSaves();
});
