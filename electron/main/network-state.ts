import { workspaceFolder } from '#core/appliance/appliance.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import type { NetworkState } from '../contract/snapshot.ts';
import { type Desk, traineeNetwork } from './desk.ts';

/** Looks whether the network runs, which the command line may have changed, and tells when it did. */
export async function refreshNetwork({ appliance, truth }: Desk): Promise<void> {
  const running = await appliance.runtime.attach(traineeNetwork);
  const known = truth.snapshot().network;
  if (running === undefined) {
    if (known !== null) truth.change({ network: null });
    return;
  }
  const workspace = await openWorkspace(workspaceFolder(appliance, traineeNetwork));
  const { nodes, startedAt, configs } = running;
  const lab = (await workspace.start())?.lab ?? null;
  const network: NetworkState = { lab, nodes: [...nodes], startedAt, configs };
  if (JSON.stringify(network) !== JSON.stringify(known)) truth.change({ network });
}

/** A quick look: whether another network runs than the one shown, and whether somebody ran commands on its nodes. */
export async function lookForChanges(desk: Desk): Promise<void> {
  const { appliance, truth } = desk;
  if (truth.snapshot().tasks.length > 0) return;
  const running = await appliance.runtime.attach(traineeNetwork);
  if (running?.startedAt !== truth.snapshot().network?.startedAt) {
    await refreshNetwork(desk);
    await desk.verdicts.look();
  }
  await desk.verdicts.look('briefly');
}
