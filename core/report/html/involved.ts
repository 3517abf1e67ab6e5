import { isIP } from 'node:net';

import { canonicalAddress } from '../../model/ip.ts';
import type { Plan } from '../../model/plan.ts';
import type { Run } from '../../model/run.ts';

/** The nodes between which something was tried. A target may be written as an address; then its owner took part. */
export function nodesOf(run: Run, plan: Plan): ReadonlySet<string> {
  const owners = new Map<string, string>();
  for (const [name, node] of Object.entries(plan.nodes)) {
    const own = [...node.loopback, ...Object.values(node.interfaces).flatMap((it) => it.addresses)];
    for (const address of own) owners.set(canonicalAddress(address), name);
  }
  const ends = run.labs
    .flatMap((lab) => [...lab.findings, ...lab.afterRestart])
    .flatMap((it) => it.attempts)
    .flatMap(({ from, to }) => [from, isIP(to) === 0 ? to : (owners.get(canonicalAddress(to)) ?? to)]);
  return new Set(ends.filter((it) => plan.nodes[it] !== undefined));
}
