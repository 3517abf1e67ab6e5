import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { productFolder, resolvePaths } from '#core/exec/paths.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import { buildImage } from '#core/image/build.ts';
import { readRecipe } from '#core/image/recipe.ts';
import type { Image } from '#core/image/store.ts';
import { loadConfigs } from '#core/load/load-configs.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import type { Topology } from '#core/model/topology.ts';
import { rootlessRuntime } from '#core/runtime/rootless/runtime.ts';
import type { Network, Runtime } from '#core/runtime/runtime.ts';
import { openWorkspace, type Workspace } from '#core/workspace/workspace.ts';

/** A folder of its own in which networks of a small topology run. */
export interface Bench {
  readonly folder: string;
  readonly runtimeFolder: string;
  readonly runtime: Runtime;
  readonly topology: Topology;
  readonly image: Image;
  /** Deploys the topology on a fresh workspace and waits until its nodes have started. */
  deploy(name: string, topology?: Topology): Promise<Network>;
  workspaceOf(name: string): Promise<Workspace>;
  /** Destroys what still runs, and the folder. */
  remove(): Promise<void>;
}

export const pair = join(import.meta.dirname, 'fixtures', 'pair', 'pair.clab.yml');

export async function openBench(topologyFile = pair): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  // When root runs the tests, sub-ids have to walk through here.
  await chmod(folder, 0o755);
  const runtimeFolder = join(folder, 'runtime');
  const topology = loadTopology(topologyFile);
  const image = await buildImage({ folder: resolvePaths().cache }, await readRecipe(join(productFolder(), 'image')));
  const runtime = rootlessRuntime({
    runtimeFolder,
    image: async () => image,
    loadTopology: async (file) => loadTopology(file),
  });
  const workspaceOf = (name: string): Promise<Workspace> => openWorkspace(join(folder, 'workspaces', name));
  return {
    folder,
    runtimeFolder,
    runtime,
    topology,
    image,
    workspaceOf,
    deploy: async (name, wanted = topology) => {
      const workspace = await workspaceOf(name);
      await workspace.materialise([...topology.nodes.keys()]);
      const tree = await workspace.importTree(loadConfigs(join(topology.folder, 'configs'), topology));
      await workspace.checkout(tree, 'first');
      const network = await runtime.deploy(wanted, { name, configs: workspace.configs });
      await Promise.all(network.nodes.map((node) => started(network, node)));
      return network;
    },
    remove: async () => {
      for (const { name } of await runtime.list()) await (await runtime.attach(name))?.destroy();
      await mustRunInUserNamespace(['find', folder, '-mindepth', '1', '-delete']).catch(() => {}); // Nothing of sub-ids in it.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the node's start is through: addresses, filters, services. */
export async function started(network: Network, node: string): Promise<void> {
  const { exitCode, stdout, stderr } = await network.node(node).exec(['/usr/lib/breakwater/ready', '20']);
  if (exitCode !== 0) throw new Error(`${node} did not start: ${stdout}${stderr}`);
}

/** What a shell command says on a node, stdout and stderr together. */
export async function onNode(network: Network, node: string, script: string): Promise<string> {
  const { stdout, stderr } = await network.node(node).exec(['sh', '-c', script], { timeoutMs: 30_000 });
  return `${stdout}${stderr}`;
}
