import { openWorkspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';
import { occupying } from './occupy.ts';
import { removeAbandoned } from './transient.ts';

/** Takes a network down. The workspace stays, with a snapshot of what was edited last; what killed commands left goes too. False when nothing ran. */
export function down(appliance: Appliance, name: string): Promise<boolean> {
  return occupying(appliance, name, { what: 'down' }, () => downAlone(appliance, name));
}

async function downAlone(appliance: Appliance, name: string): Promise<boolean> {
  await removeAbandoned(appliance);
  const network = await appliance.runtime.attach(name);
  if (network === undefined) return false;
  await network.collectEdits();
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  await Promise.all([network.destroy(), workspace.snapshot('taken down')]);
  return true;
}
