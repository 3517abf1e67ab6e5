import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { identify, isAlive } from '../exec/process-table.ts';
import { LabError } from '../model/errors.ts';
import type { Appliance } from './appliance.ts';

/** Who works on a network. */
const Occupant = z.strictObject({ pid: z.number(), startTime: z.string(), what: z.string(), since: z.iso.datetime() });
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
const lookEveryMs = 100;

/**
 * Does something that changes a network, or judges it, while nobody else does: two checks at once count each
 * other's packets, and two switches leave a mixture. Whoever is there is waited for, and then named. What a killed
 * process held is free at once. @throws LabError `busy`
 */
export async function occupying<T>(
  { paths }: Pick<Appliance, 'paths'>,
  network: string,
  options: OccupyOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(paths.runtime, { recursive: true });
  const place = join(paths.runtime, `${network}.busy`);
  const mine: Occupant = { ...identify(process.pid), what: options.what, since: new Date().toISOString() };
  const draft = `${place}-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, JSON.stringify(mine));
    await take(place, draft, network, options);
  } finally {
    await rm(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(place, { force: true });
  }
}

/** Takes away what killed processes left, of whichever network. */
export async function freeAbandoned({ paths }: Pick<Appliance, 'paths'>): Promise<void> {
  const names = await readdir(paths.runtime).catch(() => []);
  for (const name of names.filter((it) => /\.busy(?:-|$)/.test(it))) {
    const place = join(paths.runtime, name);
    const occupant = await occupantAt(place);
    if (occupant !== undefined && !isAlive(occupant)) await giveUp(place, occupant);
  }
}

async function take(
  place: string,
  draft: string,
  network: string,
  { what, signal, onProgress, patienceMs = usualPatienceMs }: OccupyOptions,
): Promise<void> {
  const ends = performance.now() + patienceMs;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    if (await claims(draft, place)) return;
    const other = await occupantAt(place);
    if (other === undefined || !isAlive(other)) await giveUp(place, other);
    else if (performance.now() >= ends) throw busy(network, what, other);
    else {
      if (!told) onProgress?.(`waiting for ${other.what} of process ${other.pid}`);
      told = true;
      await sleep(lookEveryMs, undefined, { signal });
    }
  }
}

/** The one step that only one of many can do (link(2)). */
async function claims(draft: string, place: string): Promise<boolean> {
  try {
    await link(draft, place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined for what nobody can have written whole: it is of a killed process, or gone by now. */
async function occupantAt(place: string): Promise<Occupant | undefined> {
  try {
    return Occupant.parse(JSON.parse(await readFile(place, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Takes away what a dead process held. Should somebody have done so meanwhile, and be there now, it is put back. */
async function giveUp(place: string, dead: Occupant | undefined): Promise<void> {
  const aside = `${place}-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await rename(place, aside);
    const moved = await occupantAt(aside);
    if (moved !== undefined && moved.since !== dead?.since) await claims(aside, place);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function busy(network: string, what: string, other: Occupant): LabError {
  return new LabError(
    'busy',
    `${what} cannot begin: ${other.what} (process ${other.pid}, since ${other.since}) is working on ${network}`,
    { hint: `wait until it is done, or end it: kill ${other.pid}` },
  );
}
