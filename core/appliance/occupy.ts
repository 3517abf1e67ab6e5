import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { spawnTied, type TiedProcess } from '../exec/tied-process.ts';
import { LabError } from '../model/errors.ts';
import type { Appliance } from './appliance.ts';

/** Who works on a network. */
const Occupant = z.strictObject({ pid: z.number(), what: z.string(), since: z.iso.datetime() });
type Occupant = z.infer<typeof Occupant>;

export interface OccupyOptions {
  /** What is done, as a person calls it: `check`, `reset`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
  /** How long somebody else is waited for. */
  readonly patienceMs?: number;
}

const usualPatienceMs = 10_000;
const lookEveryMs = 200;
/** Exit code of flock(1) where somebody else has the lock. */
const taken = 75;

/**
 * Does something that changes a network, or judges it, while nobody else does: two checks at once count each
 * other's packets, and two switches leave a mixture. Whoever is there is waited for, and then named. The kernel takes
 * the lock back from a process that dies, however it dies. @throws LabError `busy`
 */
export async function occupying<T>(
  { paths }: Pick<Appliance, 'paths'>,
  network: string,
  options: OccupyOptions,
  work: () => Promise<T>,
): Promise<T> {
  const folder = join(paths.state, 'busy');
  await mkdir(folder, { recursive: true });
  const place = join(folder, network);
  const lock = await take(place, network, options);
  try {
    const mine: Occupant = { pid: process.pid, what: options.what, since: new Date().toISOString() };
    await writeFile(place, JSON.stringify(mine));
    return await work();
  } finally {
    await lock.stop();
  }
}

async function take(
  place: string,
  network: string,
  { what, signal, onProgress, patienceMs = usualPatienceMs }: OccupyOptions,
): Promise<TiedProcess> {
  const ends = performance.now() + patienceMs;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLock(place);
    if (lock !== undefined) return lock;
    const other = await occupantAt(place);
    if (performance.now() >= ends) throw busy(network, what, other);
    if (!told) onProgress?.(`waiting for ${other?.what ?? 'another command'} to be done with ${network}`);
    told = true;
    await sleep(lookEveryMs, undefined, { signal });
  }
}

/** A process that holds the lock for us, and ends when we do; undefined where somebody else has it. */
async function tryLock(place: string): Promise<TiedProcess | undefined> {
  const holder = [
    'flock',
    '--nonblock',
    '--conflict-exit-code',
    String(taken),
    place,
    'sh',
    '-c',
    'echo held; exec cat',
  ];
  // Ctrl-C in our terminal is for us: what it interrupts is put back while the lock is held.
  const lock = spawnTied(holder, { detached: true });
  try {
    await lock.waitFor(/^held$/, usualPatienceMs);
    return lock;
  } catch (error) {
    await lock.stop();
    if ((await lock.ended) === taken) return undefined;
    throw error;
  }
}

/** Undefined for a moment, between having the lock and having said so. */
async function occupantAt(place: string): Promise<Occupant | undefined> {
  try {
    return Occupant.parse(JSON.parse(await readFile(place, 'utf8')));
  } catch {
    return undefined;
  }
}

function busy(network: string, what: string, other: Occupant | undefined): LabError {
  const who = other === undefined ? 'another command' : `${other.what} (process ${other.pid}, since ${other.since})`;
  return new LabError('busy', `${what} cannot begin: ${who} is working on ${network}`, {
    hint: `wait until it is done${other === undefined ? '' : `, or end it: kill ${other.pid}`}`,
  });
}
