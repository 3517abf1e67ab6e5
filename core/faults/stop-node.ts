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
      // Its first process cannot be killed from within, and ends when all that it waits for is gone (kill(2)).
      await Promise.all(nodes.map((it) => bench.network.node(it).exec(['sh', '-c', 'kill -TERM 1; kill -KILL -1'])));
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
