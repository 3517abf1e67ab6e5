import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { occupying } from '#core/appliance/occupy.ts';
import { type Paths, productFolder } from '#core/exec/paths.ts';
import { LabError } from '#core/model/errors.ts';

let state: string;
let appliance: { paths: Paths };

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'breakwater-occupy-'));
  appliance = { paths: { state, runtime: '', cache: '' } };
});
afterEach(() => rm(state, { recursive: true }));

/** Somebody who is there until told to leave. */
async function occupied(): Promise<{ first: Promise<string>; leave: () => void }> {
  let leave = (): void => {};
  const left = new Promise<string>((resolve) => (leave = () => resolve('done')));
  return new Promise((resolve) => {
    const first = occupying(appliance, 'isp', { what: 'check' }, () => {
      resolve({ first, leave });
      return left;
    });
  });
}

test('one after the other, in whatever number they come', async () => {
  let inside = 0;
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    seen.push(++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => occupying(appliance, 'isp', { what: 'check' }, work)));
  expect(seen).toEqual(Array.from({ length: 8 }, () => 1));
});

test('who is there longer than is waited for is named, with the way out', async () => {
  const { first, leave } = await occupied();
  const told: string[] = [];
  const options = { what: 'reset', patienceMs: 200, onProgress: (message: string) => void told.push(message) };
  const error: unknown = await occupying(appliance, 'isp', options, async () => 'never').catch((it: unknown) => it);
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: 'busy', hint: `wait until it is done, or end it: kill ${process.pid}` });
  expect((error as LabError).message).toMatch(
    /^reset cannot begin: check \(process \d+, since .*\) is working on isp$/,
  );
  expect(told).toEqual(['waiting for check to be done with isp']);
  expect(await occupying(appliance, 'other', { what: 'up' }, async () => 'beside it')).toBe('beside it');
  leave();
  expect(await first).toBe('done');
  expect(await occupying(appliance, 'isp', { what: 'reset' }, async () => 'now')).toBe('now');
});

test('what fails frees the network as well', async () => {
  await expect(occupying(appliance, 'isp', { what: 'up' }, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  expect(await occupying(appliance, 'isp', { what: 'up' }, async () => 'again')).toBe('again');
});

test('what a killed process held is free at once', { timeout: 15_000 }, async () => {
  const script = `import { occupying } from '#core/appliance/occupy.ts';
    await occupying({ paths: { state: process.argv[1] } }, 'isp', { what: 'check' }, () => {
      console.log('there');
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const argv = ['--import', 'tsx', '--input-type=module', '--eval', script, state];
  const other = spawn(process.execPath, argv, { cwd: productFolder(), stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  const patience = { what: 'up', patienceMs: 100 };
  await expect(occupying(appliance, 'isp', patience, async () => 'never')).rejects.toThrow('check (process ');
  other.kill('SIGKILL');
  await once(other, 'close');
  expect(await occupying(appliance, 'isp', { what: 'up' }, async () => 'at once')).toBe('at once');
});

test('who waits can be interrupted', async () => {
  const { first, leave } = await occupied();
  const waiting = occupying(appliance, 'isp', { what: 'check', signal: AbortSignal.timeout(50) }, async () => 'never');
  await expect(waiting).rejects.toThrow();
  leave();
  await first;
});
