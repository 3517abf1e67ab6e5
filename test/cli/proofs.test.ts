import { cp, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openAppliance } from '#core/appliance/appliance.ts';
import { openRecord, recordProof } from '#core/appliance/proof-record.ts';
import { runCommand } from '#core/exec/command.ts';
import { productFolder } from '#core/exec/paths.ts';

import { expectGolden } from '../golden/expect-golden.ts';
import { type Ended, type Home, makeHome } from './breakwater.ts';

const labs = ['dns/auth-no-recursion', 'routing/bgp-authentication', 'systems/known-vulnerabilities'];

let home: Home;
let product: string;
/** A checkout of its own, with three of the labs: what is changed in it concerns nobody else. */
beforeAll(async () => {
  home = await makeHome();
  product = join(home.folder, 'checkout');
  const from = productFolder();
  const parts = ['core', 'image', 'topologies', 'package.json', 'labs/controls.yml', 'dist/breakwater.mjs'];
  for (const part of [...parts, ...labs.map((it) => `labs/${it}`)])
    await cp(join(from, part), join(product, part), { recursive: true, preserveTimestamps: true });
  await symlink(join(from, 'node_modules'), join(product, 'node_modules'));
});
afterAll(async () => home?.remove());

const verify = async (...args: string[]): Promise<Ended> =>
  runCommand([process.execPath, join(product, 'dist', 'breakwater.mjs'), 'verify', ...args], { env: home.env });
/** Lab → how many of its configurations `--changed` would run. */
const changed = async (): Promise<Record<string, number>> => {
  const { stdout } = await verify('--changed', '--list', '--json');
  const rows = JSON.parse(stdout) as { lab: string; configurations: number }[];
  return Object.fromEntries(rows.map((it) => [it.lab, it.configurations]));
};
/** Changes a file, as somebody who then builds the program, and takes it back after. */
const withEdit = async <T>(path: string, edit: (text: string) => string, look: () => Promise<T>): Promise<T> => {
  const file = join(product, path);
  const before = await readFile(file, 'utf8');
  await writeFile(file, edit(before));
  await built();
  try {
    return await look();
  } finally {
    await writeFile(file, before);
    await built();
  }
};
const built = (): Promise<void> => utimes(join(product, 'dist', 'breakwater.mjs'), new Date(), new Date());

// One story, told in order: each test goes on where the one before it ended.
test('where nothing is on record everything is new', async () => {
  const { stdout, stderr, exitCode } = await verify('--changed', '--list');
  expect([exitCode, stderr]).toEqual([0, '']);
  // How many they are is the labs' own business.
  expectGolden(stdout.replaceAll(/\d+/g, 'N'), './verify-changed-list.txt', import.meta.url);
  expect((await verify('--list', '--json')).stdout).toContain('"configurations"');
});

test('what held is left out, wherever the checkout lies, and the rotating part takes some of it', async () => {
  // The ids are those of the project's own folder, the record is that of the copy.
  const appliance = await openAppliance('test');
  const sound = labs.map((id) => appliance.labs.get(id)!);
  const { all } = await openRecord(appliance, sound, { changed: true, rotate: 0, seed: 1 });
  for (const { lab, name } of all)
    await recordProof({ ...appliance, product }, all, { lab, name, objections: [] }, '2026-11-30');
  expect(await changed()).toEqual({});
  const rows = JSON.parse((await verify('--rotate', '3', '--seed', '5', '--list', '--json')).stdout);
  expect(rows.flatMap((it: { again: string[] }) => it.again)).toHaveLength(3);
  expect(await verify('--changed', '--for', '1')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/left out, since nothing .*: (\d+)\n0 passed, 0 failed, \1 skipped\n$/),
  });
});

test('a change concerns the labs that depend on it, and all their configurations or one', async () => {
  const [dns, bgp] = labs as [string, string];
  const concerned = async (path: string, text = '\n# changed\n'): Promise<string[]> =>
    withEdit(
      path,
      (before) => before + text,
      async () => Object.keys(await changed()),
    );
  expect(await concerned('core/probes/dns/dig.ts', '// changed\n')).toEqual([dns]);
  expect(await concerned('core/checks/judge.ts', '// changed\n')).toEqual(labs);
  expect(await concerned('topologies/isp/configs/noc/etc/resolv.conf')).toEqual([dns]);
  expect(await concerned('image/packages.txt', '\nsl\n')).toEqual(labs);
  const reject = `labs/${bgp}/reject/one-sided.patch`;
  const otherSecret = (patch: string): string => patch.replace(/password \w+/, 'password another');
  expect(await withEdit(reject, otherSecret, changed)).toEqual({ [bgp]: 1 });
  expect(await changed()).toEqual({});
});

test('what the rotating part finds wrong is taken out', async () => {
  const appliance = { ...(await openAppliance('test')), product };
  const { all } = await openRecord(appliance, [appliance.labs.get(labs[0]!)!], { changed: true, rotate: 0, seed: 1 });
  const wrong = { lab: labs[0]!, name: 'start', objections: ['recursion is pass, expected fail'] };
  await recordProof(appliance, all, wrong, '2026-12-01');
  expect(await changed()).toEqual({ [labs[0]!]: 1 });
});

test('a record that cannot be read is told with its place and what to do', async () => {
  await mkdir(join(product, 'proofs', 'dns'), { recursive: true });
  await writeFile(join(product, 'proofs', `${labs[0]}.json`), '<<<<<<< HEAD\n{}\n');
  const { exitCode, stderr } = await verify('--changed', '--list');
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/auth-no-recursion\.json:1:1 [\s\S]*delete the file/)]);
  await rm(join(product, 'proofs', `${labs[0]}.json`));
});

test('a program that was built from an older source proves nothing', async () => {
  await utimes(join(product, 'core', 'checks', 'judge.ts'), new Date(), new Date(Date.now() + 60_000));
  expect(await verify('--changed', '--list')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(/core\/checks\/judge\.ts is newer[\s\S]*npm run build/),
  });
});

test('an installed program, which has no source, keeps no record', async () => {
  await rename(join(product, 'core'), join(product, 'no-core'));
  const { exitCode, stderr } = await verify('--record', labs[0]!);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('kept in a checkout')]);
});
