import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { touchedServices } from '#core/appliance/apply-changes.ts';
import { awaitReady } from '#core/appliance/ready.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { treesOf } from '#core/appliance/trees.ts';
import { loadLab } from '#core/load/load-lab.ts';
import type { CheckKind, Lab } from '#core/model/lab.ts';
import type { Plan } from '#core/model/plan.ts';
import type { Observation } from '#core/model/observation.ts';
import type { Network } from '#core/runtime/runtime.ts';
import { probes } from '#core/probes/registry.ts';
import { drawsFrom } from '#core/run/draws.ts';

/** The network of a lab, and probes that look at it. */
export interface LabNetwork {
  readonly network: Network;
  readonly lab: Lab;
  readonly plan: Plan;
  /** Files that probes kept, by name. */
  readonly kept: ReadonlyMap<string, string | Buffer>;
  /** Lays out the lab's start or the baseline; the nodes that differ begin anew from their files. */
  become(configuration: 'start' | 'baseline'): Promise<void>;
  /** Looks with a probe; `with` is what a lab would say. */
  observe(probe: string, params: object, options?: { kind?: CheckKind; signal?: AbortSignal }): Promise<Observation>;
  /** What a shell command says on a node. */
  run(node: string, script: string): Promise<string>;
  close(): Promise<void>;
}

/** Deploys the nodes of a lab at its start. */
export async function openLabNetwork(id: string): Promise<LabNetwork> {
  const appliance = await openAppliance('test');
  await appliance.image();
  const { product, topology, plan } = appliance;
  const lab = loadLab(join(product, 'labs', id), { topology, plan, probes });
  const transient = await openTransientNetwork(appliance, {
    purpose: 'probe-test',
    nodes: lab.nodes,
    tree: async (workspace) => (await treesOf(appliance, workspace, lab)).start,
  });
  const { network } = transient;
  const kept = new Map<string, string | Buffer>();
  return {
    network,
    lab,
    plan: appliance.plan,
    kept,
    become: (configuration) => become(appliance, transient, lab, configuration),
    observe: async (name, params, { kind = 'abuse', signal = AbortSignal.timeout(30_000) } = {}) => {
      const probe = probes.get(name);
      if (probe === undefined) throw new Error(`no probe ${name}`);
      return probe.observe(probe.params.parse(params), {
        network,
        plan: appliance.plan,
        kind,
        nonce: randomBytes(8).toString('hex'),
        draws: drawsFrom(randomBytes(4).readUInt32BE(), name),
        signal,
        keep: async (file, content) => {
          kept.set(file, content);
          return file;
        },
      });
    },
    run: async (node, script) => (await network.node(node).exec(['sh', '-c', script])).stdout,
    close: () => transient.close(),
  };
}

async function become(
  appliance: Appliance,
  { network, workspace }: TransientNetwork,
  lab: Lab,
  configuration: 'start' | 'baseline',
): Promise<void> {
  const tree = (await treesOf(appliance, workspace, lab))[configuration];
  const changed = [...touchedServices(await workspace.checkout(tree, configuration)).keys()];
  await network.restart(changed.filter((node) => network.nodes.includes(node)));
  await awaitReady(network, appliance.plan);
}
