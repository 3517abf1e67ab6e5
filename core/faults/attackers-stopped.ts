import type { Bench, Fault, Usage } from './fault.ts';
import { stopped } from './stop-node.ts';

/** Whoever tries something is gone before the try is over. */
export const attackersStopped: Fault = {
  name: 'attackers-stopped',
  title: 'whoever tries it stops in the middle',
  effect: 'cut',
  strikes: 'during',
  cases: (bench) => {
    const nodes = [...new Set(bench.usages.flatMap((it) => it.attackers))];
    return nodes.length === 0 ? [] : [stopped(bench, nodes, tryingFrom(bench, nodes))];
  },
};

function tryingFrom({ usages }: Bench, nodes: readonly string[]): Usage[] {
  return usages.filter(({ attackers }) => attackers.some((it) => nodes.includes(it)));
}
