import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { requireOutput, writeFiles } from '#core/appliance/own-files.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'breakwater-output-'));
  await mkdir(join(home, 'source'));
});
afterEach(async () => rm(home, { recursive: true }));
const asked = (folder: string): Promise<void> => requireOutput(join(home, folder), join(home, 'source'));

describe('a folder to write into', () => {
  test('may be absent, or empty', async () => {
    await mkdir(join(home, 'empty'));
    await expect(asked('empty')).resolves.toBeUndefined();
    await expect(asked('absent/below')).resolves.toBeUndefined();
    await expect(asked('source-beside')).resolves.toBeUndefined();
  });

  test.each([
    [
      'that has something in it',
      'full',
      async (path: string) => mkdir(join(path, 'x'), { recursive: true }),
      'not empty',
    ],
    ['that is a file', 'file', async (path: string) => writeFile(path, ''), 'no folder'],
    ['that is a link to nowhere', 'link', async (path: string) => symlink(join(home, 'gone'), path), 'no folder'],
    ['in the folder that is read', 'source/out', async () => {}, 'lies in'],
    ['that is read itself', 'source', async () => {}, 'lies in'],
  ])('is refused when it is one %s', async (_name, folder, make, words) => {
    await make(join(home, folder));
    await expect(asked(folder)).rejects.toThrow(words);
  });

  test('gets the files, and no file is written over', async () => {
    const files = [{ path: 'pe1/etc/motd', content: Buffer.from('x') }];
    await writeFiles(files, join(home, 'out'));
    await expect(writeFiles(files, join(home, 'out'))).rejects.toThrow('EEXIST');
    expect(await readdir(join(home, 'out/pe1/etc'))).toEqual(['motd']);
  });
});
