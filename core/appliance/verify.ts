import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { isLabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Finding } from '../model/run.ts';
import { probes } from '../probes/registry.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { runLab } from '../run/run-lab.ts';
import type { TreeId } from '../workspace/store.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { touchedServices } from './apply-changes.ts';
import { awaitReady } from './ready.ts';
import { nodesOf } from './test-configuration.ts';
import { type TransientNetwork, withTransientNetwork } from './transient.ts';
import { treesOf } from './up.ts';

/** What a lab's configuration has to do to its checks. */
export type Expectation =
  | { kind: 'broken' } // every abuse check fails, every service check passes
  | { kind: 'sound' } // every check passes
  | { kind: 'caught'; by: readonly string[] }; // at least one of the named checks fails

export interface Proof {
  readonly lab: string;
  /** start, baseline, accept/NAME or reject/NAME. */
  readonly configuration: string;
  readonly title: string;
  readonly expectation: Expectation;
  readonly findings: readonly Finding[];
  /** What does not stand as expected, a sentence each; empty when the proof holds. */
  readonly objections: readonly string[];
  /** The run's folder with the evidence, kept when there are objections. */
  readonly folder: string | undefined;
  readonly durationMs: number;
}

export interface VerifyOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** The i-th of n parts of the labs, from 1. */
  readonly shard?: { index: number; count: number };
  readonly signal: AbortSignal;
  readonly onProof?: (proof: Proof) => void;
  readonly onProgress?: (message: string) => void;
}

/**
 * The test of the tests: on real daemons, the attack works at the start and the service goes on; the
 * baseline and each other right fix pass; each wrong fix is caught by a check that its header names.
 */
export async function verify(
  appliance: Appliance,
  { labs, workers, shard, signal, onProof, onProgress }: VerifyOptions,
): Promise<Proof[]> {
  const mine = shard === undefined ? [...labs] : labs.filter((_, index) => index % shard.count === shard.index - 1);
  const queue = [...mine];
  const proofs: Proof[] = [];
  const work = async (): Promise<void> => {
    const first = queue.shift();
    if (first === undefined) return;
    const options = {
      purpose: 'verify',
      nodes: nodesOf(mine),
      tree: async (workspace: TransientNetwork['workspace']) =>
        (await treesOf(appliance, workspace, undefined)).baseline,
      signal,
      onProgress,
    };
    await withTransientNetwork(appliance, options, async (transient) => {
      for (let lab: Lab | undefined = first; lab !== undefined; lab = queue.shift()) {
        for await (const proof of proveLab(appliance, transient, lab, signal)) {
          proofs.push(proof);
          onProof?.(proof);
        }
      }
    });
  };
  await Promise.all(Array.from({ length: Math.min(workers, mine.length) }, work));
  return proofs;
}

async function* proveLab(
  appliance: Appliance,
  { network, workspace }: TransientNetwork,
  lab: Lab,
  signal: AbortSignal,
): AsyncGenerator<Proof> {
  const { baseline, start } = await treesOf(appliance, workspace, lab);
  const configurations: { name: string; title: string; tree: TreeId; expectation: Expectation }[] = [
    { name: 'baseline', title: 'the hardened baseline', tree: baseline, expectation: { kind: 'sound' } },
    { name: 'start', title: lab.break.title, tree: start, expectation: { kind: 'broken' } },
  ];
  for (const patch of lab.accept)
    configurations.push({
      name: `accept/${patch.name}`,
      title: patch.title,
      tree: await workspace.applyPatch(start, patch),
      expectation: { kind: 'sound' },
    });
  for (const patch of lab.reject)
    configurations.push({
      name: `reject/${patch.name}`,
      title: patch.title,
      tree: await workspace.applyPatch(start, patch),
      expectation: { kind: 'caught', by: patch.fails },
    });

  for (const { name, title, tree, expectation } of configurations) {
    signal.throwIfAborted();
    const began = performance.now();
    // From its files, so that nothing of the configuration before is left in a daemon or in the kernel.
    const touched = [...touchedServices(await workspace.checkout(tree, name)).keys()].filter((node) =>
      network.nodes.includes(node),
    );
    if (touched.length > 0) await network.restart(touched, signal);
    await awaitReady(network, appliance.plan, { seconds: expectation.kind === 'caught' ? 8 : 30, signal }).catch(
      (error: unknown) => {
        // A wrong fix may well break the service; the checks say so.
        if (!isLabError(error) || error.code !== 'not-ready' || expectation.kind !== 'caught') throw error;
      },
    );
    const folder = await createRunFolder(join(resultsFolder(appliance), 'verify'), new Date(), randomBytes);
    const { findings } = await runLab(lab, {
      network,
      plan: appliance.plan,
      probes,
      folder,
      signal,
      listener: () => {},
      concurrency: 4,
      clock: () => performance.now(),
      random: randomBytes,
    });
    const objections = objectionsTo(expectation, findings);
    if (objections.length === 0) await rm(folder.folder, { recursive: true, force: true });
    yield {
      lab: lab.id,
      configuration: name,
      title,
      expectation,
      findings,
      objections,
      folder: objections.length === 0 ? undefined : folder.folder,
      durationMs: Math.round(performance.now() - began),
    };
  }
}

/** Where the findings are not what the configuration promised. */
export function objectionsTo(expectation: Expectation, findings: readonly Finding[]): string[] {
  const complain = (finding: Finding, wanted: string): string =>
    `${finding.check} is ${finding.verdict}, expected ${wanted}: ${finding.reason}`;
  switch (expectation.kind) {
    case 'sound':
      return findings.filter((it) => it.verdict !== 'pass').map((it) => complain(it, 'pass'));
    case 'broken':
      return findings.flatMap((it) => {
        const wanted = it.kind === 'abuse' ? 'fail' : 'pass';
        return it.verdict === wanted ? [] : [complain(it, wanted)];
      });
    case 'caught': {
      const named = findings.filter((it) => expectation.by.includes(it.check));
      return named.some((it) => it.verdict === 'fail') ? [] : named.map((it) => complain(it, 'fail'));
    }
  }
}
