import { openWorkspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';
import type { NetworkSummary } from '../runtime/runtime.ts';

export interface NetworkStatus extends NetworkSummary {
  /** The lab that it is at; undefined on the plain baseline. */
  readonly lab: string | undefined;
  /** Nodes that ended although nobody took the network down. */
  readonly dead: readonly string[];
  /** Files that differ from the lab's start. */
  readonly edited: readonly string[];
}

export async function statusOf(appliance: Appliance): Promise<NetworkStatus[]> {
  const networks = await appliance.runtime.list();
  return Promise.all(
    networks.map(async (summary) => {
      const workspace = await openWorkspace(workspaceFolder(appliance, summary.name));
      const start = await workspace.start();
      const edited =
        start === undefined
          ? []
          : (await workspace.changes(start.start, await workspace.current())).map((it) => it.path);
      const running = await (await appliance.runtime.attach(summary.name))?.running();
      const dead = running === undefined ? [] : summary.nodes.filter((it) => !running.includes(it));
      return { ...summary, lab: start?.lab, dead, edited };
    }),
  );
}
