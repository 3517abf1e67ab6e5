import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { mustRun, runCommand } from '#core/exec/command.ts';
import { removeFolder } from '#core/image/store.ts';

import { type Ended, type Home, makeHome, program } from './breakwater.ts';

let home: Home;
let elsewhere: (...args: string[]) => Promise<Ended>;
let tar: string;
beforeAll(async () => {
  home = await makeHome();
  tar = join(home.folder, 'image.tar');
  // A machine that never built anything.
  const env = { ...home.env, XDG_CACHE_HOME: join(home.folder, 'cache') };
  elsewhere = (...args) => runCommand([process.execPath, program, ...args], { env });
});
afterAll(async () => {
  await removeFolder(join(home.folder, 'cache', 'breakwater'));
  await home.remove();
});

test('an exported image runs on a machine that has no mirror', { timeout: 180_000 }, async () => {
  expect((await home.run('image', 'build')).exitCode).toBe(0);
  expect(await home.run('image', 'export', tar)).toMatchObject({ exitCode: 0, stdout: '' });
  expect((await stat(tar)).size).toBeGreaterThan(100_000_000);
  expect((await mustRun(['tar', '-tf', tar])).stdout).not.toMatch(/^\.\/dev\/./m);

  expect(await elsewhere('image', 'status')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('is not there'),
  });
  expect(await elsewhere('image', 'import', tar)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/is ready\n$/),
  });
  expect(await elsewhere('image', 'status')).toMatchObject({ exitCode: 0 });
  expect(await elsewhere('up', 'routing/bgp-authentication')).toMatchObject({ exitCode: 0 });
  expect(await elsewhere('exec', 'br1', '--', 'vtysh', '-c', 'show version')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('FRRouting'),
  });
  // Who owns what has come along: a daemon that is not root reads its own files.
  expect(
    await elsewhere('exec', 'br1', '--', 'stat', '-c', '%U', '/var/lib/frr', '/var/spool/postfix/private'),
  ).toMatchObject({
    stdout: expect.stringMatching(/postfix\n$/),
  });
  expect((await elsewhere('down')).exitCode).toBe(0);
});

test('what is no image, or half of one, is refused and leaves nothing', async () => {
  await removeFolder(join(home.folder, 'cache', 'breakwater'));
  await mustRun(['tar', '-C', home.folder, '-cf', join(home.folder, 'other.tar'), '--exclude=*', '.']);
  for (const [name, complaint] of [
    ['other.tar', /no image/],
    ['no-such-file.tar', /no-such-file\.tar/],
    ['image.tar', /image\.tar/],
  ] as const) {
    if (name === 'image.tar') await truncate(tar, 60_000_000);
    const { exitCode, stderr } = await elsewhere('image', 'import', join(home.folder, name));
    expect([exitCode, stderr], name).toEqual([name === 'image.tar' ? 3 : 2, expect.stringMatching(complaint)]);
    expect((await elsewhere('image', 'status')).exitCode, name).toBe(1);
    const left = await runCommand(['find', join(home.folder, 'cache'), '-mindepth', '3']);
    expect(left.stdout, name).toBe('');
  }
});
