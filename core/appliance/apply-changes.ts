import { commandFailed } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Change } from '../workspace/compare-trees.ts';

/** What `apply` of the image says where only a start of the node makes the rest take effect. */
const needsStart = 75;

/**
 * Makes changed files take effect on the running nodes, each service by its own gentlest command, the
 * nodes side by side. A node is restarted where only that does, or, with `restart` false, left running with
 * its old configuration. Returns the nodes that have to settle again; all others go on undisturbed.
 * @throws LabError where a service does not take its files, and for a node that is left so
 */
export async function applyChanges(
  network: Network,
  changes: readonly Change[],
  signal?: AbortSignal,
  { restart = true }: { restart?: boolean } = {},
): Promise<readonly string[]> {
  const touched = [...touchedServices(changes)].filter(([node]) => network.nodes.includes(node));
  await Promise.all(
    touched.map(async ([node, names]) => {
      const result = await network
        .node(node)
        .exec(['/usr/lib/breakwater/apply', ...names], { timeoutMs: 60_000, signal });
      if (result.exitCode === needsStart) {
        if (!restart)
          throw new LabError('not-ready', `${names.join(', ')} of ${node} takes effect when the node starts again`);
        await network.restart([node], signal);
      } else if (result.exitCode !== 0) throw commandFailed({ ...result, argv: [`${node}:`, ...result.argv] });
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
