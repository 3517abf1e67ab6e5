import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { startTimeOf } from '../exec/process-table.ts';
import { mustRunInUserNamespace } from '../exec/user-namespace.ts';
import { subTopology } from '../model/topology.ts';
import type { Network } from '../runtime/runtime.ts';
import type { TreeId } from '../workspace/store.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import { awaitReady } from './ready.ts';

export interface TransientNetwork {
  readonly network: Network;
  readonly workspace: Workspace;
  close(): Promise<void>;
}

export interface TransientOptions {
  /** First part of its name: what it is for. */
  readonly purpose: string;
  readonly nodes: readonly string[];
  /** The configuration to begin with. */
  readonly tree: (workspace: Workspace) => Promise<TreeId>;
  /** Waits until the network serves; without it, it has to be complete. */
  readonly settle?: (network: Network) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/**
 * A network of its own with a workspace of its own, beside any other; `close` leaves nothing behind.
 * The name holds our process number and start time: what a killed process left is found by it.
 */
export async function openTransientNetwork(appliance: Appliance, options: TransientOptions): Promise<TransientNetwork> {
  const { signal, onProgress } = options;
  await removeAbandoned(appliance);
  const name = nameOf(options.purpose);
  const folder = join(transientFolder(appliance), name);
  let network: Network | undefined;
  const close = async (): Promise<void> => {
    await network?.destroy();
    await removeFolder(folder);
  };
  try {
    const workspace = await openWorkspace(folder);
    await workspace.materialise([...appliance.topology.nodes.keys()]);
    await workspace.checkout(await options.tree(workspace), 'first');
    network = await appliance.runtime.deploy(subTopology(appliance.topology, options.nodes), {
      name,
      configs: workspace.configs,
      signal,
      onProgress,
    });
    onProgress?.('waiting for services and routing');
    await (options.settle?.(network) ?? awaitReady(network, appliance.plan, { signal }));
    return { network, workspace, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function withTransientNetwork<T>(
  appliance: Appliance,
  options: TransientOptions,
  use: (transient: TransientNetwork) => Promise<T>,
): Promise<T> {
  const transient = await openTransientNetwork(appliance, options);
  try {
    return await use(transient);
  } finally {
    await transient.close();
  }
}

/** A workspace without a network, beside any other; `close` leaves nothing behind. */
export async function openScratchWorkspace(
  appliance: Appliance,
  purpose: string,
): Promise<Pick<TransientNetwork, 'workspace' | 'close'>> {
  const folder = join(transientFolder(appliance), nameOf(purpose));
  return { workspace: await openWorkspace(folder), close: () => removeFolder(folder) };
}

/** Holds our process number and start time: what a killed process left is found by it. */
function nameOf(purpose: string): string {
  return `${purpose}-${process.pid}-${startTimeOf(process.pid) ?? '0'}-${randomBytes(2).toString('hex')}`;
}

function transientFolder(appliance: Appliance): string {
  return join(appliance.paths.state, 'transient');
}

/** Removes the workspaces of processes that are gone. */
export async function removeAbandoned(appliance: Appliance): Promise<void> {
  const names = await readdir(transientFolder(appliance)).catch(() => []);
  for (const name of names) {
    const [, pid, startTime] = /-(\d+)-(\d+)-[0-9a-f]{4}$/.exec(name) ?? [];
    if (pid !== undefined && startTimeOf(Number(pid)) !== startTime)
      await removeFolder(join(transientFolder(appliance), name));
  }
}

/** What is in it may belong to our sub-ids, the folder itself stands among ours. */
async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await mustRunInUserNamespace(['find', folder, '-mindepth', '1', '-delete']);
  await rm(folder, { recursive: true, force: true });
}
