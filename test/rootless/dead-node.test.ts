import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Home, makeHome } from '../cli/breakwater.ts';
import { awaitState } from './await-state.ts';

const lab = 'routing/bgp-authentication';

let home: Home;
beforeAll(async () => {
  home = await makeHome();
});
afterAll(async () => home?.remove());

test('a node that ended is named, nothing passes without it, and `up` starts it again', async () => {
  expect(await home.run('up', lab)).toMatchObject({ exitCode: 0 });
  await home.run('exec', 'peer1', '--', 'kill', '-TERM', '1');
  await awaitState(async () => expect((await home.run('status')).stdout).toMatch(/\(dead: peer1\)/));
  expect(await home.run('check', '--no-restart')).toMatchObject({ exitCode: 3 });
  const again = await home.run('up', lab);
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stderr).toMatch(/peer1/);
  expect((await home.run('status')).stdout).not.toMatch(/dead/);
  await home.run('solve');
  expect(await home.run('check', '--no-restart')).toMatchObject({ exitCode: 0 });
});

test('who comes second is told who is there', async () => {
  const [one, other] = await Promise.all([home.run('check'), home.run('reset')]);
  // Whoever was first, both were whole: a check of the solution, or one of the start.
  expect([0, 1]).toContain(one.exitCode);
  expect(other.exitCode === 0 || /check \(process \d+, since .*\) is working on isp/.test(other.stderr)).toBe(true);
});
