import { LabError } from '../model/errors.ts';
import type { Change } from '../workspace/compare-trees.ts';
import type { Start } from '../workspace/start.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';
import { applyChanges, touchedServices } from './apply-changes.ts';
import { explain } from './diagnose.ts';
import { occupying } from './occupy.ts';
import { awaitReady } from './ready.ts';

/** Lays out another configuration in a workspace and, where its network runs, makes it take effect there. */
function layOut(
  appliance: Appliance,
  name: string,
  what: string,
  change: (workspace: Workspace) => Promise<readonly Change[]>,
  signal?: AbortSignal,
): Promise<readonly Change[]> {
  return occupying(appliance, name, { what, signal }, () => layOutAlone(appliance, name, change, signal));
}

async function layOutAlone(
  appliance: Appliance,
  name: string,
  change: (workspace: Workspace) => Promise<readonly Change[]>,
  signal?: AbortSignal,
): Promise<readonly Change[]> {
  const network = await appliance.runtime.attach(name);
  await network?.collectEdits();
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  const changes = await change(workspace);
  if (network !== undefined) {
    try {
      const nodes = await applyChanges(network, changes, signal);
      await awaitReady(network, appliance.plan, { nodes, signal });
    } catch (error) {
      throw await explain(error, network, { nodes: [...touchedServices(changes).keys()], signal });
    }
  }
  return changes;
}

/** Back to the beginning of the lab. The trainee's edits are kept as a snapshot. */
export function reset(appliance: Appliance, name: string, signal?: AbortSignal): Promise<readonly Change[]> {
  return layOut(
    appliance,
    name,
    'reset',
    async (workspace) => workspace.checkout((await requireStart(workspace, name)).start, 'before a reset'),
    signal,
  );
}

/** To the solution: the hardened baseline, in the scene of the lab. The trainee's edits are kept as a snapshot. */
export function solve(appliance: Appliance, name: string, signal?: AbortSignal): Promise<readonly Change[]> {
  return layOut(
    appliance,
    name,
    'solve',
    async (workspace) =>
      workspace.checkout((await requireStart(workspace, name)).solution, 'before the solution was shown'),
    signal,
  );
}

/** To a snapshot. What stands there now is kept as another. */
export function restore(
  appliance: Appliance,
  name: string,
  snapshot: string,
  signal?: AbortSignal,
): Promise<readonly Change[]> {
  return layOut(appliance, name, 'restore', (workspace) => workspace.restore(snapshot), signal);
}

export async function requireStart(workspace: Workspace, name: string): Promise<Start> {
  const start = await workspace.start();
  if (start === undefined)
    throw new LabError('workspace', `the workspace ${name} has not begun a lab`, { hint: 'breakwater up LAB' });
  return start;
}
