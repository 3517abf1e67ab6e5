import { LabError } from '../model/errors.ts';
import { addressOf, type Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';

/** How long a network may take until all of it answers. */
const readySeconds = 30;

/**
 * Waits until the network serves: every node has started and its services answer, every BGP session
 * between deployed nodes is Established, and every host reaches every other. One program a node
 * waits there, so that the answer is as old as its last line.
 * @throws LabError `not-ready` that names what is missing.
 */
export async function awaitReady(
  network: Network,
  plan: Plan,
  options: { nodes?: readonly string[]; seconds?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const { nodes = network.nodes, seconds = readySeconds, signal } = options;
  const missing = await Promise.all(
    nodes.map(async (name) => {
      const argv = ['/usr/lib/breakwater/ready', String(seconds), ...expectations(plan, network.nodes, name)];
      const result = await network.node(name).exec(argv, { timeoutMs: (seconds + 10) * 1000, signal });
      return result.exitCode === 0
        ? []
        : (result.stdout.trim() || result.stderr.trim() || 'no answer').split('\n').map((line) => `${name}: ${line}`);
    }),
  );
  const lines = missing.flat();
  if (lines.length > 0) {
    throw new LabError(
      'not-ready',
      `after ${seconds} s the network was not complete:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      {
        hint: `breakwater shell ${lines[0]?.split(':')[0] ?? ''}   # then: cat /var/log/boot.log`,
      },
    );
  }
}

/** What a node waits for, as arguments of the image's `ready`. Routers' own packets have link addresses that nobody far away answers, so only hosts ping. */
export function expectations(plan: Plan, deployed: readonly string[], name: string): readonly string[] {
  const node = plan.nodes[name];
  if (node === undefined) return [];
  const neighbors = node.bgp.filter((it) => deployed.includes(it.node)).flatMap((it) => it.addresses);
  const others = isHost(plan, name) ? deployed.filter((other) => other !== name && isHost(plan, other)) : [];
  const addresses = others
    .flatMap((other) => [addressOf(plan, other, 'v4'), addressOf(plan, other, 'v6')])
    .filter((it) => it !== undefined);
  return [
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
