import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openPreferences } from '../../../electron/main/preferences-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breakwater-preferences-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what is left out stays, and changes at once do not undo each other', async () => {
  const preferences = openPreferences(join(folder, 'new', 'preferences.json'));
  await Promise.all([
    preferences.write({ theme: 'dark' }),
    preferences.write({ panes: { lab: [30, 70] } }),
    preferences.write({ panes: { work: [50, 50] } }),
  ]);
  expect(await preferences.read()).toMatchObject({
    theme: 'dark',
    welcomed: false,
    panes: { lab: [30, 70], work: [50, 50] },
  });
});

test('a damaged file counts as the defaults, and is replaced by the next change', async () => {
  const file = join(folder, 'preferences.json');
  await writeFile(file, '{"theme": "plaid"');
  const preferences = openPreferences(file);
  expect(await preferences.read()).toMatchObject({ theme: 'system', whenClosing: 'ask' });
  await preferences.write({ whenClosing: 'down' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ whenClosing: 'down' });
});
