import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { freeAbandoned, occupying } from '#core/appliance/occupy.ts';
import type { Paths } from '#core/exec/paths.ts';
import { LabError } from '#core/model/errors.ts';

let runtime: string;
let appliance: { paths: Paths };

beforeEach(async () => {
  runtime = await mkdtemp(join(tmpdir(), 'breakwater-occupy-'));
  appliance = { paths: { runtime, state: '', cache: '' } };
});
afterEach(() => rm(runtime, { recursive: true }));

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

test('one after the other, in whatever number they come, and nothing is left', async () => {
  let inside = 0;
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    seen.push(++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => occupying(appliance, 'isp', { what: 'check' }, work)));
  expect(seen).toEqual(Array.from({ length: 8 }, () => 1));
  expect(await readdir(runtime)).toEqual([]);
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
  expect(told).toEqual([`waiting for check of process ${process.pid}`]);
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

test('what a killed process held is free, and so is what nobody can read', async () => {
  const dead = { pid: process.pid, startTime: '1', what: 'check', since: '2026-11-30T00:00:00.000Z' };
  for (const text of [JSON.stringify(dead), '{"pid":', '']) {
    await writeFile(join(runtime, 'isp.busy'), text);
    const all = await Promise.all([1, 2, 3].map((it) => occupying(appliance, 'isp', { what: 'up' }, async () => it)));
    expect(all).toEqual([1, 2, 3]);
  }
  expect(await readdir(runtime)).toEqual([]);
});

test('what killed processes left is taken away, what others hold is not', async () => {
  const dead = { pid: process.pid, startTime: '1', what: 'check', since: '2026-11-30T00:00:00.000Z' };
  for (const name of ['isp.busy', 'isp.busy-12-abcd']) await writeFile(join(runtime, name), JSON.stringify(dead));
  await occupying(appliance, 'other', { what: 'check' }, async () => {
    await freeAbandoned(appliance);
    expect(await readdir(runtime)).toEqual(['other.busy']);
  });
  await freeAbandoned({ paths: { runtime: join(runtime, 'not-there'), state: '', cache: '' } });
});

test('who waits can be interrupted', async () => {
  const { first, leave } = await occupied();
  const waiting = occupying(appliance, 'isp', { what: 'check', signal: AbortSignal.timeout(50) }, async () => 'never');
  await expect(waiting).rejects.toThrow();
  leave();
  await first;
});
