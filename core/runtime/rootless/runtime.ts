import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { makeOwnFolder, requireOwnFolder } from '../../exec/own-folder.ts';
import { childOf, identify, isAlive } from '../../exec/process-table.ts';
import { type TiedProcess, spawnTied } from '../../exec/tied-process.ts';
import { userNamespaceArguments } from '../../exec/user-namespace.ts';
import type { Image } from '../../image/store.ts';
import { LabError } from '../../model/errors.ts';
import { subTopology, type Topology } from '../../model/topology.ts';
import type { DeployOptions, Network, NetworkSummary, Runtime } from '../runtime.ts';
import { rootlessNetwork } from './network.ts';
import { ociConfiguration } from './oci.ts';
import {
  claimSandbox,
  readState,
  removeSandbox,
  sandboxFolders,
  sandboxNames,
  type SandboxState,
  writeState,
} from './sandbox.ts';
import { bringUpScript, type SandboxFolders } from './script.ts';

export interface RootlessOptions {
  /** Folder for what concerns running networks; see `Paths.runtime`. */
  readonly runtimeFolder: string;
  /** Asked only when a network is deployed: attaching needs no image. */
  readonly image: () => Promise<Image>;
  /** Reads a topology file again, for networks that another process deployed. */
  readonly loadTopology: (file: string) => Promise<Topology>;
}

/**
 * The default runtime: no daemon, no root. A sandbox is a user, mount, pid and network namespace held
 * by one process; each node in it is an OCI container. The sandbox has no uplink, and when its holder
 * dies the kernel takes down all that is in it (pid_namespaces(7)).
 */
export function rootlessRuntime({ runtimeFolder, image, loadTopology }: RootlessOptions): Runtime {
  return {
    name: 'rootless',
    deploy: async (topology, options) => {
      await makeOwnFolder(runtimeFolder);
      return deploy(topology, await image(), sandboxFolders(runtimeFolder, options.name), options);
    },
    attach: async (name) => {
      await requireOwnFolder(runtimeFolder);
      const folders = sandboxFolders(runtimeFolder, name);
      const state = await aliveState(folders);
      if (state?.kept !== true) {
        await aliveStates(runtimeFolder);
        return undefined;
      }
      const topology = subTopology(await loadTopology(state.topologyFile), state.nodes);
      return rootlessNetwork({
        state,
        folders,
        topology,
        image: { id: state.image, layers: state.layers },
        keep: async () => {},
      });
    },
    list: async () => {
      await requireOwnFolder(runtimeFolder);
      return (await aliveStates(runtimeFolder)).filter((state) => state.kept).map(summaryOf);
    },
  };
}

/** What the sandbox does not share with the host, beside users; it ends with the process that holds it. */
const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--net', '--ipc', '--mount-proc'] as const;

async function deploy(
  topology: Topology,
  image: Image,
  folders: SandboxFolders,
  options: DeployOptions,
): Promise<Network> {
  const { name, configs, signal, onProgress } = options;
  signal?.throwIfAborted();
  const claim: SandboxState = {
    schema: 'breakwater.sandbox/1',
    name,
    topology: topology.name,
    topologyFile: topology.file,
    nodes: [...topology.nodes.keys()],
    configs,
    startedAt: new Date().toISOString(),
    image: image.id,
    layers: [...image.layers],
    kept: false,
    owner: identify(process.pid),
  };
  if ((await aliveState(folders)) !== undefined || !(await claimSandbox(folders, claim)))
    throw new LabError('lab-running', `a network named ${name} is running`, { hint: `breakwater down --name ${name}` });

  let state = claim;
  let keeper: TiedProcess | undefined;
  try {
    await writeBundles(topology, folders, configs);
    const script = join(folders.home, 'up.sh');
    await writeFile(script, bringUpScript(topology, image, folders));
    keeper = spawnTied(['unshare', ...userNamespaceArguments(), ...namespaces, '--', 'sh', script], {
      detached: true,
      onLine: (line) => line.startsWith('@say ') && onProgress?.(line.slice('@say '.length)),
    });
    state = { ...claim, keeper: identify(keeper.pid ?? -1) };
    await writeState(folders, state);
    await bringUp(keeper, signal);
  } catch (error) {
    await keeper?.stop();
    await removeSandbox(folders, state);
    throw signal?.aborted === true
      ? new LabError('cancelled', `bringing up ${name} was cancelled`, { cause: error })
      : error;
  }
  const { pid = -1, write, release } = keeper;
  const running: SandboxState = { ...state, holder: identify(childOf(pid) ?? -1) };
  await writeState(folders, running);
  return rootlessNetwork({
    state: running,
    folders,
    topology,
    image,
    keep: async () => {
      // In this order: killed in between, we leave a dead sandbox with a state that says so.
      await writeState(folders, { ...running, kept: true });
      write('keep\n');
      release();
    },
  });
}

/** Waits until the script says that the network is up; whatever else it says explains a failure. */
async function bringUp(keeper: TiedProcess, signal: AbortSignal | undefined): Promise<void> {
  const abandon = (): void => void keeper.stop();
  signal?.addEventListener('abort', abandon, { once: true });
  const line = await keeper
    .waitFor(/^@(up|fail )/, 120_000)
    .catch((error: unknown) => {
      throw new LabError('not-ready', `the sandbox did not come up\n${keeper.stderr().trim()}`, {
        hint: 'breakwater doctor',
        cause: error,
      });
    })
    .finally(() => signal?.removeEventListener('abort', abandon));
  signal?.throwIfAborted();
  if (line !== '@up') throw new LabError('not-ready', line.slice('@fail '.length));
}

async function writeBundles(topology: Topology, folders: SandboxFolders, configs: string): Promise<void> {
  for (const node of topology.nodes.values()) {
    const bundle = join(folders.home, 'bundles', node.name);
    await mkdir(bundle, { recursive: true });
    const interfaces = topology.links
      .flatMap((link) => [link.a, link.b])
      .filter((end) => end.node === node.name).length;
    const binds = node.binds.map((bind) => ({ ...bind, source: bindSource(topology, bind.source, configs) }));
    await writeFile(
      join(bundle, 'config.json'),
      JSON.stringify(ociConfiguration(node, { root: join(folders.inside, node.name, 'root'), binds, interfaces })),
    );
  }
}

/** The topology's `configs/` is the pristine baseline; a network runs on a workspace in its place. */
function bindSource(topology: Topology, source: string, configs: string): string {
  return source === 'configs' || source.startsWith('configs/')
    ? join(configs, source.slice('configs'.length))
    : resolve(topology.folder, source);
}

/** The state of a living sandbox. What a dead one left outside is removed on the way: it carries our mark, and its process is gone. */
async function aliveState(folders: SandboxFolders): Promise<SandboxState | undefined> {
  const state = await readState(folders);
  if (state === undefined) return undefined;
  if (state.kept ? isAlive(state.holder) : isAlive(state.owner)) return state;
  await removeSandbox(folders, state);
  return undefined;
}

/** Of all living sandboxes; what dead ones left is gone afterwards. */
async function aliveStates(runtimeFolder: string): Promise<SandboxState[]> {
  const names = await sandboxNames(runtimeFolder);
  const states = await Promise.all(names.map((name) => aliveState(sandboxFolders(runtimeFolder, name))));
  return states.filter((state) => state !== undefined);
}

function summaryOf({ name, topology, topologyFile, nodes, configs, startedAt }: SandboxState): NetworkSummary {
  return { name, topology, topologyFile, nodes, configs, startedAt };
}
