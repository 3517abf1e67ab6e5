import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { Appliance } from './appliance.ts';
import { applyChanges } from './apply-changes.ts';
import { judge } from './check.ts';
import { awaitReady } from './ready.ts';
import { openTransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

/** How the caller shows the steps: what is done, and what is seen. */
export interface TourGuide {
  readonly signal: AbortSignal;
  act<T>(title: string, work: (onProgress: (message: string) => void) => Promise<T>): Promise<T>;
  observe(title: string, run: (listener: RunListener) => Promise<Run>): Promise<Run>;
}

/** One lab from end to end on a network of its own: the attack works, the control goes on, the attack stops, the service goes on. */
export async function tour(
  appliance: Appliance,
  lab: Lab,
  { signal, act, observe }: TourGuide,
): Promise<{ before: Run; after: Run }> {
  const transient = await act(`bringing up ${lab.nodes.length} nodes`, (onProgress) =>
    openTransientNetwork(appliance, {
      purpose: 'tour',
      nodes: lab.nodes,
      tree: async (workspace) => (await treesOf(appliance, workspace, lab)).start,
      signal,
      onProgress,
    }),
  );
  const { network, workspace } = transient;
  const look = (title: string, subject: string): Promise<Run> =>
    observe(title, (listener) => judge(appliance, network, [lab], subject, { restart: false, signal, listener }));
  try {
    const before = await look('Before: the control is missing', 'as the lab begins');
    await act('turning the control on', async () => {
      const { solution } = await treesOf(appliance, workspace, lab);
      const nodes = await applyChanges(network, await workspace.checkout(solution, 'the control goes on'), signal);
      await awaitReady(network, appliance.plan, { nodes, signal });
    });
    const after = await look('After: the control is on', 'with the control');
    return { before, after };
  } finally {
    await transient.close();
  }
}
