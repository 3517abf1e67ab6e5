import { basename, resolve } from 'node:path';

import { formatDaemonDiagnostic, refusalsIn } from '../model/daemon-diagnostic.ts';
import { LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import { subTopology } from '../model/topology.ts';
import type { Network } from '../runtime/runtime.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';
import { applyChanges } from './apply-changes.ts';
import { candidatesFor } from './candidate.ts';
import { diagnose, editedNodes, explain } from './diagnose.ts';
import { occupying } from './occupy.ts';
import { readOwnFiles } from './own-files.ts';
import { awaitReady } from './ready.ts';
import { treesOf } from './trees.ts';

export interface UpOptions {
  /** Name of the network; its workspace has the same. */
  readonly name: string;
  /** Without one the hardened baseline comes up, all of it. */
  readonly lab?: Lab;
  /** All nodes of the topology, not only those that the lab needs. */
  readonly all?: boolean;
  /** Folder of somebody's own files, laid over the solution of the lab, or over the baseline, as `test` does. */
  readonly configs?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

export interface UpResult {
  readonly network: Network;
  readonly workspace: Workspace;
  /** `resumed`: the trainee's own files stand, those of before or those just brought; `fresh`: the lab's start was laid out. */
  readonly configuration: 'fresh' | 'resumed';
  /** What the trainee should know, in whole sentences. */
  readonly notes: readonly string[];
}

/**
 * Brings a lab up, or switches a running network to it. A workspace that is already at this lab goes
 * on where the trainee left it; any other is snapshotted before the lab's start is laid out.
 */
export function up(appliance: Appliance, options: UpOptions): Promise<UpResult> {
  const { name, signal, onProgress } = options;
  return occupying(appliance, name, { what: 'up', signal, onProgress }, () => upAlone(appliance, options));
}

async function upAlone(appliance: Appliance, options: UpOptions): Promise<UpResult> {
  const { name, lab, signal, onProgress } = options;
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  const wanted = lab === undefined || options.all === true ? [...appliance.topology.nodes.keys()] : lab.nodes;
  const running = await appliance.runtime.attach(name);
  await running?.collectEdits();

  onProgress?.('laying out the configuration');
  const { configuration, changes, notes } = await layOut(appliance, workspace, options);
  signal?.throwIfAborted();

  const missing = running === undefined ? wanted : wanted.filter((node) => !running.nodes.includes(node));
  if (running !== undefined && missing.length === 0) {
    onProgress?.(`switching ${name} to ${lab?.id ?? 'the baseline'}`);
    const dead = await startDead(running, { signal, onProgress });
    const nodes = await applyChanges(running, changes, signal);
    await settle(running, dead.length > 0 ? running.nodes : nodes, appliance, signal, notes);
    return { network: running, workspace, configuration, notes };
  }
  if (running !== undefined) {
    onProgress?.(`${name} lacks ${missing.join(', ')}: taking it down first`);
    await running.destroy();
  }
  const network = await appliance.runtime.deploy(subTopology(appliance.topology, wanted), {
    name,
    configs: workspace.configs,
    signal,
    onProgress,
  });
  try {
    onProgress?.('waiting for services and routing');
    await settle(network, network.nodes, appliance, signal, notes);
    if (configuration === 'resumed' && notes.length === 0)
      notes.push(...(await refusedEdits(network, workspace, signal)));
    await network.keep();
  } catch (error) {
    await network.destroy();
    throw error;
  }
  return { network, workspace, configuration, notes };
}

/** Starts nodes again that ended although nobody took the network down. Returns which. */
async function startDead(
  network: Network,
  { signal, onProgress }: Pick<UpOptions, 'onProgress'> & { signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  const alive = await network.running(signal);
  const dead = network.nodes.filter((it) => !alive.includes(it));
  if (dead.length > 0) {
    onProgress?.(`starting ${dead.join(', ')} again, which had ended`);
    await network.restart(dead, signal);
  }
  return dead;
}

/** What daemons did not take of a trainee's edits, where the network is complete all the same. */
async function refusedEdits(network: Network, workspace: Workspace, signal?: AbortSignal): Promise<readonly string[]> {
  const said = await diagnose(network, { nodes: await editedNodes(workspace), signal });
  return refusalsIn(said).map(formatDaemonDiagnostic);
}

/**
 * A trainee's half-mended network may never be complete, and that is what he is here to mend: it comes
 * up with a note. A network that stands as it was laid out must be.
 */
async function settle(
  network: Network,
  nodes: readonly string[],
  appliance: Appliance,
  signal: AbortSignal | undefined,
  notes: string[],
): Promise<void> {
  try {
    await awaitReady(network, appliance.plan, { nodes, signal });
  } catch (cause) {
    const error = await explain(cause, network, { nodes, signal });
    if (!(error instanceof LabError) || error.code !== 'not-ready') throw error;
    notes.push(error.message);
  }
  signal?.throwIfAborted();
}

async function layOut(appliance: Appliance, workspace: Workspace, options: UpOptions) {
  const { lab, configs } = options;
  // Before anything is changed: what does not render is not laid out.
  const own = configs === undefined ? undefined : await readOwnFiles(appliance, configs, options);
  const laid = await layOutLab(appliance, workspace, lab);
  if (own === undefined) return laid;
  const { tree, warnings } = (await candidatesFor(appliance, workspace, [lab], own))(lab);
  const changes = await workspace.checkout(tree, `before ${basename(resolve(configs ?? ''))} was laid out`);
  const notes = [...laid.notes, ...warnings.map(formatDaemonDiagnostic)];
  return { configuration: 'resumed' as const, changes: [...laid.changes, ...changes], notes };
}

async function layOutLab(appliance: Appliance, workspace: Workspace, lab: Lab | undefined) {
  const trees = await treesOf(appliance, workspace, lab);
  const before = await workspace.start();
  const notes: string[] = [];
  await workspace.materialise([...appliance.topology.nodes.keys()]);
  const same = before !== undefined && before.lab === lab?.id;
  const renewed = same && before.start !== trees.start;
  // The same start may have another solution: what was a part of the mistake has become the scene.
  if (same && !renewed && before.solution !== trees.solution) await workspace.noteStart({ ...before, ...trees });
  // An update of the product must not be taken for an edit of the trainee's, nor overwrite one.
  if (same && (!renewed || (await workspace.current()) !== before.start)) {
    if (renewed)
      notes.push(
        'This lab has changed since you began it. Your configuration stands; `breakwater reset` begins the new one.',
      );
    return { configuration: 'resumed' as const, changes: [], notes };
  }
  const changes = await workspace.begin({ lab: lab?.id, ...trees }, `before ${lab?.id ?? 'the baseline'} was laid out`);
  return { configuration: 'fresh' as const, changes, notes };
}
