import { addressOf, type Plan } from '../model/plan.ts';

/** Services that do not run, by node. */
export type Down = ReadonlyMap<string, readonly string[]>;

const nothing: Down = new Map();

/** What a node waits for, as arguments of the image's `ready`. Routers' own packets have link addresses that nobody far away answers, so only hosts ping. */
export function expectations(
  plan: Plan,
  deployed: readonly string[],
  name: string,
  down: Down = nothing,
): readonly string[] {
  const node = plan.nodes[name];
  if (node === undefined) return [];
  // Where one name server is down, another waits in vain for its zones.
  const zones = [...down.values()].some((it) => it.includes('named')) ? ['zones'] : [];
  const without = [...(down.get(name) ?? []), ...zones];
  const routes = (it: string): boolean => deployed.includes(it) && down.get(it)?.includes('frr') !== true;
  const neighbors = routes(name) ? node.bgp.filter((it) => routes(it.node)).flatMap((it) => it.addresses) : [];
  const others = isHost(plan, name) ? deployed.filter((other) => other !== name && isHost(plan, other)) : [];
  const addresses = others
    .flatMap((other) => [addressOf(plan, other, 'v4'), addressOf(plan, other, 'v6')])
    .filter((it) => it !== undefined);
  return [
    ...(without.length > 0 ? ['without', ...without] : []),
    ...(neighbors.length > 0 ? ['bgp', ...neighbors] : []),
    ...(addresses.length > 0 ? ['ping', ...addresses] : []),
  ];
}

/** A machine at the edge: one addressed interface and no routing of its own. */
function isHost(plan: Plan, name: string): boolean {
  const node = plan.nodes[name];
  if (node === undefined || node.side === 'fabric') return false;
  return (
    node.bgp.length === 0 &&
    node.loopback.length === 0 &&
    Object.values(node.interfaces).filter((it) => it.addresses.length > 0).length === 1
  );
}
