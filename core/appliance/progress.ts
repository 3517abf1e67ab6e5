import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

import type { Lab } from '../model/lab.ts';
import type { Run } from '../model/run.ts';
import type { Appliance } from './appliance.ts';

/** How far a trainee got, by lab. */
const Progress = z.strictObject({
  schema: z.literal('breakwater.progress/1'),
  hints: z.record(z.string(), z.number().int().min(0)).default({}),
  /** When all checks of a lab held for the first time, after a restart too. */
  passed: z.record(z.string(), z.iso.datetime()).default({}),
});

/** The labs that were passed, and the hints that were seen, by lab. */
export function progressOf(appliance: Appliance): Promise<Pick<z.infer<typeof Progress>, 'hints' | 'passed'>> {
  return readProgress(fileOf(appliance));
}

/** Remembers the labs that a run passed with a mend that survives a restart. */
export async function notePassed(appliance: Appliance, run: Run): Promise<void> {
  const passed = run.labs.filter((it) => it.verdict === 'pass' && it.persistence === 'kept').map((it) => it.lab);
  const progress = await readProgress(fileOf(appliance));
  const fresh = passed.filter((it) => progress.passed[it] === undefined);
  if (fresh.length === 0) return;
  const now = Object.fromEntries(fresh.map((it) => [it, run.startedAt]));
  await writeProgress(fileOf(appliance), { ...progress, passed: { ...progress.passed, ...now } });
}

/** Counts one more hint of the lab as seen, unless `again`; how many were seen, and how many there are. */
export async function nextHint(
  appliance: Appliance,
  lab: Lab,
  again: boolean,
): Promise<{ seen: number; total: number }> {
  const file = fileOf(appliance);
  const progress = await readProgress(file);
  const total = lab.hints.length;
  const seen = Math.min((progress.hints[lab.id] ?? 0) + (again ? 0 : 1), total);
  await writeProgress(file, { ...progress, hints: { ...progress.hints, [lab.id]: seen } });
  return { seen, total };
}

/** What cannot be read counts as nothing seen: hints are no evidence, and a trainee must not be stopped by them. */
async function readProgress(file: string): Promise<z.infer<typeof Progress>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return Progress.parse(JSON.parse(text));
  } catch {
    return { schema: 'breakwater.progress/1', hints: {}, passed: {} };
  }
}

async function writeProgress(file: string, progress: z.infer<typeof Progress>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify(progress, null, 2)}\n`);
}

function fileOf(appliance: Appliance): string {
  return join(appliance.paths.state, 'progress.json');
}
