import { commandFailed } from '../exec/command.ts';
import { isLabError } from '../model/errors.ts';
import type { Network } from '../runtime/runtime.ts';
import type { TreeId } from '../workspace/store.ts';
import { touchedServices } from './apply-changes.ts';
import type { TransientNetwork } from './transient.ts';

/** What `renew` of the image says where only a restart of the whole node begins a service anew. */
const needsRestart = 75;

/** How a configuration was laid out, and on which nodes. */
export interface LaidOut {
  readonly nodes: readonly string[];
  /** `renewed`: only the services of the changed files began anew; `recreated`: the nodes did, network namespace, disk and all. */
  readonly how: 'renewed' | 'recreated';
}

/** A node that the way back did not leave as it had been. */
export interface Unclean {
  readonly node: string;
  /** What is there now and was not, `+`, and what was there and is not, `-`; a line each. */
  readonly difference: readonly string[];
}

/**
 * A running network that is taken from one configuration to the next, each time as if its nodes had
 * just been made from those files: nothing of the configuration before is left in a daemon, on a disk or
 * in the kernel, nor in what other nodes learned meanwhile. Where only services had to begin anew, that is
 * proved by going back: the nodes must then hold the same addresses, routes, filters, sysctls, sockets and
 * queues as when they were there before.
 */
export interface ProvingGround {
  /** Lays out `tree`. Nodes are made anew where their services alone cannot begin anew, and always when `fresh`. */
  layOut(tree: TreeId, reason: string, options?: { fresh?: boolean }): Promise<LaidOut>;
  /** What the nodes hold now is what they have to hold whenever {@link goBack} takes them to this tree. */
  remember(tree: TreeId, nodes: readonly string[]): Promise<void>;
  /** Lays out the remembered tree after `laidOut`; nodes that hold anything else are made anew. Returns those. */
  goBack(laidOut: LaidOut): Promise<readonly Unclean[]>;
}

export function provingGround(
  { network, workspace }: Pick<TransientNetwork, 'network' | 'workspace'>,
  ready: (nodes: readonly string[]) => Promise<void>,
  signal: AbortSignal,
): ProvingGround {
  let home: { tree: TreeId; residues: ReadonlyMap<string, string> } | undefined;

  /** What nodes learned from each other before is not what they would learn now. */
  const forget = async (nodes: readonly string[]): Promise<void> => {
    await Promise.all(
      nodes.map((name) => network.node(name).exec(['/usr/lib/breakwater/forget'], { timeoutMs: 30_000, signal })),
    );
  };

  const layOut: ProvingGround['layOut'] = async (tree, reason, { fresh = false } = {}) => {
    const touched = [...touchedServices(await workspace.checkout(tree, reason))].filter(([node]) =>
      network.nodes.includes(node),
    );
    const nodes = touched.map(([node]) => node);
    if (nodes.length === 0) return { nodes, how: 'renewed' };
    const renewed =
      !fresh && (await Promise.all(touched.map(([node, names]) => renew(network, node, names, signal)))).every(Boolean);
    if (!renewed) await network.recreate(nodes, signal);
    await forget(renewed ? network.nodes : network.nodes.filter((it) => !nodes.includes(it)));
    return { nodes, how: renewed ? 'renewed' : 'recreated' };
  };

  const isReady = async (nodes: readonly string[]): Promise<boolean> => {
    try {
      await ready(nodes);
      return true;
    } catch (error) {
      if (isLabError(error) && error.code === 'not-ready') return false;
      throw error;
    }
  };

  return {
    layOut,
    remember: async (tree, nodes) => {
      home = { tree, residues: await residuesOf(network, nodes, signal) };
    },
    goBack: async (laidOut) => {
      // Whoever was made anew will be again: its next configuration differs in the same files.
      if (home === undefined || laidOut.how === 'recreated' || laidOut.nodes.length === 0) return [];
      const { tree, residues } = home;
      const back = await layOut(tree, 'back to the start');
      const now = (await isReady(back.nodes))
        ? await residuesOf(network, back.nodes, signal)
        : new Map<string, string>();
      const unclean = back.nodes
        .filter((node) => now.get(node) !== residues.get(node))
        .map((node) => ({ node, difference: differenceOf(residues.get(node) ?? '', now.get(node)) }));
      const nodes = unclean.map((it) => it.node);
      if (nodes.length > 0) {
        await network.recreate(nodes, signal);
        await ready(nodes);
      }
      return unclean;
    },
  };
}

async function renew(network: Network, node: string, names: readonly string[], signal: AbortSignal): Promise<boolean> {
  const result = await network.node(node).exec(['/usr/lib/breakwater/renew', ...names], { timeoutMs: 60_000, signal });
  if (result.exitCode !== 0 && result.exitCode !== needsRestart) throw commandFailed(result);
  return result.exitCode === 0;
}

async function residuesOf(
  network: Network,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all(
      nodes.map(async (name) => {
        const result = await network.node(name).exec(['/usr/lib/breakwater/residue'], { timeoutMs: 20_000, signal });
        if (result.exitCode !== 0) throw commandFailed(result);
        return [name, result.stdout] as const;
      }),
    ),
  );
}

/** Lines that came and went, as a reader of a diff expects them. */
function differenceOf(before: string, now: string | undefined): string[] {
  if (now === undefined) return ['it was not ready in time'];
  const [old, young] = [before.split('\n'), now.split('\n')];
  return [
    ...young.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
    ...old.filter((line) => !young.includes(line)).map((line) => `- ${line.trim()}`),
  ];
}
