import type { Lab } from '../model/lab.ts';
import type { Appliance } from './appliance.ts';
import { nodesOf } from './test-configuration.ts';
import { type TransientNetwork, withTransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

export interface LabQueueOptions {
  /** First part of the names of the networks: what they are for. */
  readonly purpose: string;
  /** In the order in which they are taken. */
  readonly labs: readonly Lab[];
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * Takes labs one after the other to networks that run side by side; each has the nodes of all these labs, and begins
 * at the baseline. A worker that is done with a lab takes the next one, until `use` says that it is enough.
 */
export async function withLabs(
  appliance: Appliance,
  { purpose, labs, workers, signal, onProgress }: LabQueueOptions,
  use: (transient: TransientNetwork, lab: Lab) => Promise<'go on' | 'enough'>,
): Promise<void> {
  const queue = [...labs];
  const options = {
    purpose,
    nodes: nodesOf(labs),
    tree: async (workspace: TransientNetwork['workspace']) => (await treesOf(appliance, workspace, undefined)).baseline,
    signal,
    onProgress,
  };
  const work = async (): Promise<void> => {
    const first = queue.shift();
    if (first === undefined) return;
    await withTransientNetwork(appliance, options, async (transient) => {
      for (let lab: Lab | undefined = first; lab !== undefined; lab = queue.shift())
        if ((await use(transient, lab)) === 'enough') return;
    });
  };
  await Promise.all(Array.from({ length: Math.min(workers, labs.length) }, work));
}
