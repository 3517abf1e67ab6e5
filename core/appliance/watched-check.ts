import { join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import { type Journey, journeysOf, type Period } from '../model/journey.ts';
import type { Run, RunEvent } from '../model/run.ts';
import { watchNetwork } from '../probes/watch.ts';
import type { Appliance } from './appliance.ts';
import { attach } from './attach.ts';
import { check, type CheckOptions } from './check.ts';

/** A check with every node watched meanwhile, so that one can show how far each attempt got. */
export async function watchedCheck(
  appliance: Appliance,
  name: string,
  options: CheckOptions,
): Promise<{ run: Run; journeys: Journey[] }> {
  const { network, lab } = await attach(appliance, name);
  const nodes = (lab?.nodes ?? network.nodes).filter((it) => appliance.plan.nodes[it]?.side !== 'fabric');
  const watch = await watchNetwork(network, nodes);
  const periods = new Map<string, Period>();
  let folder: string | undefined;
  const listener = (event: RunEvent): void => {
    const now = Date.now() / 1000;
    if (event.type === 'run.started') folder = event.folder;
    if (event.type === 'check.started' && event.phase === 'now')
      periods.set(`${event.lab} ${event.check}`, { from: now, to: Number.POSITIVE_INFINITY });
    if (event.type === 'check.judged' && event.phase === 'now') {
      const key = `${event.finding.lab} ${event.finding.check}`;
      const begun = periods.get(key);
      if (begun !== undefined) periods.set(key, { ...begun, to: now });
    }
    options.listener?.(event);
  };
  try {
    const run = await check(appliance, name, { ...options, listener });
    const sightings = watch.sightings();
    const journeys = run.labs
      .flatMap((it) => it.findings)
      .flatMap((finding) => {
        const period = periods.get(`${finding.lab} ${finding.check}`);
        return period === undefined ? [] : journeysOf(finding, sightings, period, appliance.plan);
      });
    if (folder !== undefined)
      await writeFileAtomic(join(folder, journeysFile), `${JSON.stringify(journeys, null, 2)}\n`);
    return { run, journeys };
  } finally {
    await watch.stop();
  }
}

const journeysFile = 'journeys.json';
