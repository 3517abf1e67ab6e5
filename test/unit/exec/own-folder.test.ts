import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { makeOwnFolder, requireOwnFolder } from '#core/exec/own-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breakwater-own-'));
  await rm(folder, { recursive: true });
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('a folder whose name everybody may take', () => {
  test('is made for us alone, and taken again', async () => {
    await makeOwnFolder(folder);
    await makeOwnFolder(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('need not be there to be asked for', async () => {
    await expect(requireOwnFolder(folder)).resolves.toBeUndefined();
  });

  test.each([
    ['one that others may write in', async () => chmod(await made(), 0o777)],
    ['a link', async () => symlink('/var/tmp', folder)],
    ['a file', async () => writeFile(folder, '')],
  ])('is refused when it is %s', async (_name, take) => {
    await take();
    await expect(makeOwnFolder(folder)).rejects.toThrow();
    await expect(requireOwnFolder(folder)).rejects.toThrow('somebody took its name');
  });

  test.runIf(process.getuid?.() === 0)('is refused when it is of another user', async () => {
    await chown(await made(), 65_534, 65_534);
    await expect(makeOwnFolder(folder)).rejects.toThrow('somebody took its name');
  });
});

async function made(): Promise<string> {
  await mkdir(folder);
  return folder;
}
