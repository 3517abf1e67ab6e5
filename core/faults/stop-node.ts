import { setTimeout as sleep } from 'node:timers/promises';

import { LabError } from '../model/errors.ts';
import type { Bench, Case, Usage } from './fault.ts';

const goneWithinMs = 10_000;

/** Nodes end as a machine does whose power is cut; they are made anew afterwards. */
export function stopped(bench: Bench, nodes: readonly string[], usages: readonly Usage[]): Case {
  return {
    about: nodes.join(', '),
    usages,
    inflict: async () => {
      // The first process of a node hands it on to the others, and the node ends with what it waits for.
      await Promise.all(nodes.map((it) => bench.network.node(it).exec(['kill', '-TERM', '1'])));
      await gone(bench, nodes);
    },
    lift: () => bench.recreate(nodes),
  };
}

async function gone({ network, signal }: Bench, nodes: readonly string[]): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  for (;;) {
    const running = await network.running(signal);
    const left = nodes.filter((it) => running.includes(it));
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new LabError('timeout', `${left.join(', ')} did not end within ${goneWithinMs / 1000} s of being told to`);
    await sleep(100, undefined, { signal });
  }
}
