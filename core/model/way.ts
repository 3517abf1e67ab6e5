import type { Plan } from './plan.ts';

/**
 * The shortest way between two nodes over links and segments, both ends included; empty when there is
 * none. Ports without an address carry nothing, and only nodes with several ports pass anything on, of
 * those that `passes` lets.
 */
export function wayBetween(
  plan: Plan,
  from: string,
  to: string,
  passes: (node: string) => boolean = () => true,
): string[] {
  const before = new Map<string, string | undefined>([[from, undefined]]);
  for (const node of before.keys()) {
    if (node === to) break;
    if (node !== from && (portsOf(plan, node).length < 2 || !passes(node))) continue;
    for (const next of neighbours(plan, node)) if (!before.has(next)) before.set(next, node);
  }
  if (!before.has(to)) return [];
  const way: string[] = [];
  for (let node: string | undefined = to; node !== undefined; node = before.get(node)) way.unshift(node);
  return way;
}

function neighbours(plan: Plan, node: string): string[] {
  const targets = new Set(portsOf(plan, node));
  return Object.keys(plan.nodes).filter(
    (other) =>
      other !== node &&
      (targets.has(other) || portsOf(plan, other).some((to) => targets.has(to) && plan.nodes[to] === undefined)),
  );
}

/** Where the ports of a node that have an address lead to: nodes and segments. */
function portsOf(plan: Plan, node: string): string[] {
  return Object.values(plan.nodes[node]?.interfaces ?? {}).flatMap((it) => (it.addresses.length > 0 ? [it.to] : []));
}
