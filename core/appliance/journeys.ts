import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

import { Journey } from '../model/journey.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import type { FollowedRun } from './follow-attempts.ts';

/** The journeys of a run by lab, as kept beside its evidence. */
const Journeys = z.record(z.string(), z.array(Journey));
type Journeys = z.infer<typeof Journeys>;

export async function keepJourneys(appliance: Appliance, { run, journeys }: FollowedRun): Promise<void> {
  const file = journeysFile(appliance, run.id);
  await writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(journeys), null, 2)}\n`);
}

/** Those of one lab; undefined when nobody watched that run, or what was kept cannot be read. */
export async function readJourneys(appliance: Appliance, run: string, lab: string): Promise<Journey[] | undefined> {
  try {
    return Journeys.parse(JSON.parse(await readFile(journeysFile(appliance, run), 'utf8')))[lab];
  } catch {
    return undefined;
  }
}

function journeysFile(appliance: Appliance, run: string): string {
  return join(resultsFolder(appliance), run, 'journeys.json');
}
