import { commandFailed } from '../exec/command.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Change } from '../workspace/compare-trees.ts';

/**
 * Makes changed files take effect on the running nodes, each service by its own gentlest command, the
 * nodes side by side. Returns the nodes that have to settle again; all others go on undisturbed.
 */
export async function applyChanges(
  network: Network,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const touched = [...touchedServices(changes)].filter(([node]) => network.nodes.includes(node));
  await Promise.all(
    touched.map(async ([node, names]) => {
      const result = await network
        .node(node)
        .exec(['/usr/lib/breakwater/apply', ...names], { timeoutMs: 60_000, signal });
      if (result.exitCode !== 0) throw commandFailed({ ...result, argv: [`${node}:`, ...result.argv] });
    }),
  );
  return touched.map(([node]) => node);
}

/** Node → names below its /etc that changed: `pe1/etc/frr/frr.conf` → pe1: frr. */
export function touchedServices(changes: readonly Change[]): ReadonlyMap<string, readonly string[]> {
  const touched = new Map<string, Set<string>>();
  for (const { path } of changes) {
    const [node = '', , name = ''] = path.split('/');
    touched.set(node, (touched.get(node) ?? new Set()).add(name));
  }
  return new Map([...touched].map(([node, names]) => [node, [...names]]));
}
