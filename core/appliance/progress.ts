import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

import type { Lab } from '../model/lab.ts';
import type { Appliance } from './appliance.ts';

/** How far a trainee got, by lab. */
const Progress = z.strictObject({
  schema: z.literal('breakwater.progress/1'),
  hints: z.record(z.string(), z.number().int().min(0)),
});

/** Counts one more hint of the lab as seen, unless `again`; how many were seen, and how many there are. */
export async function nextHint(
  appliance: Appliance,
  lab: Lab,
  again: boolean,
): Promise<{ seen: number; total: number }> {
  const file = join(appliance.paths.state, 'progress.json');
  const progress = await readProgress(file);
  const total = lab.hints.length;
  const seen = Math.min((progress.hints[lab.id] ?? 0) + (again ? 0 : 1), total);
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(
    file,
    `${JSON.stringify({ ...progress, hints: { ...progress.hints, [lab.id]: seen } }, null, 2)}\n`,
  );
  return { seen, total };
}

/** What cannot be read counts as nothing seen: hints are no evidence, and a trainee must not be stopped by them. */
async function readProgress(file: string): Promise<z.infer<typeof Progress>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return Progress.parse(JSON.parse(text));
  } catch {
    return { schema: 'breakwater.progress/1', hints: {} };
  }
}
