import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { productFolder, resolvePaths } from '#core/exec/paths.ts';

test('an ordinary user keeps things where the XDG specification says', () => {
  expect(resolvePaths({}, 1000)).toEqual({
    state: join(homedir(), '.local', 'state', 'breakwater'),
    cache: join(homedir(), '.cache', 'breakwater'),
    runtime: join(tmpdir(), 'breakwater-1000'),
  });
});

test('root keeps things where sub-ids may walk', () => {
  expect(resolvePaths({}, 0)).toEqual({
    state: '/var/lib/breakwater',
    cache: '/var/cache/breakwater',
    runtime: '/run/breakwater',
  });
});

test('the environment decides for both', () => {
  const env = { XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c', XDG_RUNTIME_DIR: '/r' };
  const paths = { state: '/s/breakwater', cache: '/c/breakwater', runtime: '/r/breakwater' };
  expect([resolvePaths(env, 0), resolvePaths(env, 1000)]).toEqual([paths, paths]);
});

test('an empty or a relative folder counts as none (XDG Base Directory Specification)', () => {
  for (const folder of ['', '.', 'state', './x', '../x'])
    for (const uid of [0, 1000])
      expect(resolvePaths({ XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, XDG_RUNTIME_DIR: folder }, uid)).toEqual(
        resolvePaths({}, uid),
      );
});

test('root leaves a folder alone that nobody else may walk into, such as the /run/user/0 of a login', () => {
  const closed = mkdtempSync(join(tmpdir(), 'breakwater-paths-'));
  const env = { XDG_STATE_HOME: join(closed, 'state'), XDG_RUNTIME_DIR: closed };
  expect(resolvePaths(env, 0)).toMatchObject({ state: '/var/lib/breakwater', runtime: '/run/breakwater' });
  expect(resolvePaths(env, 1000)).toMatchObject({ runtime: join(closed, 'breakwater') });
  chmodSync(closed, 0o755);
  expect(resolvePaths(env, 0)).toMatchObject({
    state: join(closed, 'state', 'breakwater'),
    runtime: join(closed, 'breakwater'),
  });
  rmSync(closed, { recursive: true });
});

test('a folder that lies in no product is refused with the way out', () => {
  expect(() => productFolder(tmpdir())).toThrow(
    expect.objectContaining({ code: 'invalid-file', hint: 'reinstall breakwater' }),
  );
});
