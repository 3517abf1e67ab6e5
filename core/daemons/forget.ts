import type { Network } from '../runtime/runtime.ts';
import { daemons } from './all.ts';
import { serves } from './daemon.ts';

/**
 * Has the daemons of nodes forget what they counted of their clients. Clients of one lab are clients of the
 * next: without it a mail server that limits them by the minute refuses what the second one tries. A node that
 * cannot be asked is passed over: what it lacks is for the checks to find.
 */
export async function forgetClients(network: Network, nodes: readonly string[], signal?: AbortSignal): Promise<void> {
  const scripts = daemons.flatMap(({ where, forget }) =>
    forget === undefined ? [] : [`if ${where}; then ${forget}\nfi`],
  );
  const script = [serves, ...scripts].join('\n');
  await Promise.all(
    nodes
      .filter((it) => network.nodes.includes(it))
      .map(async (node) => {
        await network.node(node).exec(['sh', '-c', script], { timeoutMs: 10_000, signal });
      }),
  );
}
