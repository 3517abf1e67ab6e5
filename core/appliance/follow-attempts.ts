import { type Journey, journeysOf, type Period } from '../model/journey.ts';
import type { Plan } from '../model/plan.ts';
import type { Run, RunListener } from '../model/run.ts';
import { watchNetwork } from '../probes/watch.ts';
import type { Network } from '../runtime/runtime.ts';

/** The journeys of one lab's attempts in a run. */
export interface FollowedRun {
  readonly run: Run;
  readonly journeys: ReadonlyMap<string, readonly Journey[]>;
}

/**
 * A run with every node watched meanwhile, so that one can show how far each attempt got. `judge` runs
 * the checks and tells the listener that it is given; what it saw after a restart is not followed.
 */
export async function followAttempts(
  network: Network,
  plan: Plan,
  judge: (listener: RunListener) => Promise<Run>,
): Promise<FollowedRun> {
  const watch = await watchNetwork(
    network,
    network.nodes.filter((it) => plan.nodes[it]?.side !== 'fabric'),
  );
  try {
    const periods = new Map<string, Period>();
    const run = await judge((event) => {
      const now = Date.now() / 1000;
      if (event.type === 'check.started' && event.phase === 'now')
        periods.set(`${event.lab} ${event.check}`, { from: now, to: Number.POSITIVE_INFINITY });
      if (event.type !== 'check.judged' || event.phase !== 'now') return;
      const key = `${event.finding.lab} ${event.finding.check}`;
      const begun = periods.get(key);
      if (begun !== undefined) periods.set(key, { ...begun, to: now });
    });
    const sightings = watch.sightings();
    // A way leads over what runs, and not over a node that this lab leaves out.
    const running = Object.entries(plan.nodes).filter(([name]) => network.nodes.includes(name));
    const there = { ...plan, nodes: Object.fromEntries(running) };
    const journeys = run.labs.map(({ lab, findings }): [string, Journey[]] => [
      lab,
      findings.flatMap((finding) => {
        const period = periods.get(`${lab} ${finding.check}`);
        return period === undefined ? [] : journeysOf(finding, sightings, period, there);
      }),
    ]);
    return { run, journeys: new Map(journeys) };
  } finally {
    await watch.stop();
  }
}
