import type { Journey } from '../model/journey.ts';
import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Appliance } from './appliance.ts';
import { applyChanges } from './apply-changes.ts';
import { judge } from './check.ts';
import { followAttempts } from './follow-attempts.ts';
import { awaitReady } from './ready.ts';
import { openTransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

/** A lab shown to others: on a network of its own, with its control at a switch. */
export interface Demo {
  readonly lab: Lab;
  readonly network: Network;
  /** Whether the control is on. */
  readonly control: boolean;
  setControl(on: boolean, signal?: AbortSignal): Promise<void>;
  /** Runs the lab's checks once, and tells where everything went. */
  attack(options: { signal: AbortSignal; listener?: RunListener }): Promise<{ run: Run; journeys: readonly Journey[] }>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** Brings the demo of a lab up, as the lab begins: without the control. */
export async function openDemo(
  appliance: Appliance,
  lab: Lab,
  options: { signal?: AbortSignal; onProgress?: (message: string) => void } = {},
): Promise<Demo> {
  const transient = await openTransientNetwork(appliance, {
    purpose: 'demo',
    nodes: lab.nodes,
    tree: async (workspace) => (await treesOf(appliance, workspace, lab)).start,
    ...options,
  });
  const { network, workspace, close } = transient;
  const trees = await treesOf(appliance, workspace, lab);
  let control = false;
  return {
    lab,
    network,
    get control() {
      return control;
    },
    async setControl(on, signal) {
      const tree = on ? trees.solution : trees.start;
      const changes = await workspace.checkout(tree, `the control goes ${on ? 'on' : 'off'}`);
      control = on;
      const nodes = await applyChanges(network, changes, signal);
      await awaitReady(network, appliance.plan, { nodes, signal });
    },
    async attack({ signal, listener }) {
      const subject = control ? 'demo, with the control' : 'demo, as the lab begins';
      const { run, journeys } = await followAttempts(network, appliance.plan, (follow) =>
        judge(appliance, network, [lab], subject, {
          restart: false,
          signal,
          listener: (event) => {
            follow(event);
            listener?.(event);
          },
        }),
      );
      return { run, journeys: journeys.get(lab.id) ?? [] };
    },
    close,
  };
}
