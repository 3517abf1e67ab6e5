import { LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Network } from '../runtime/runtime.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';
import { type Appliance, requireLab, workspaceFolder } from './appliance.ts';

export interface Attached {
  readonly network: Network;
  readonly workspace: Workspace;
  /** The lab that the workspace is at; undefined on the plain baseline. */
  readonly lab: Lab | undefined;
}

/** The running network of that name, with its workspace; edits made inside nodes have been brought home. */
export async function attach(appliance: Appliance, name: string): Promise<Attached> {
  const network = await appliance.runtime.attach(name);
  if (network === undefined) {
    const others = (await appliance.runtime.list()).map((it) => it.name);
    throw new LabError('lab-not-running', `no network named ${name} is running`, {
      hint: others.length === 0 ? 'breakwater up LAB' : `--name ${others.join(' or --name ')}`,
    });
  }
  await network.collectEdits();
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  const id = (await workspace.start())?.lab;
  return { network, workspace, lab: id === undefined ? undefined : requireLab(appliance, id) };
}
