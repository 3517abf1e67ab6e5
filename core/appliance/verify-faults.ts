import { randomBytes } from 'node:crypto';

import { forgetClients } from '../daemons/forget.ts';
import type { Ground } from '../faults/objections.ts';
import { isLabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import { faultGrounds, nameOfFaults } from '../proofs/basis.ts';
import type { Appliance } from './appliance.ts';
import { withLabs } from './lab-queue.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { type FaultTrial, tryFaults } from './try-faults.ts';
import type { TransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

/** All faults at the start or at the solution of a lab. */
export interface FaultProof {
  readonly lab: string;
  /** `faults/start` or `faults/solution`: its name on record. */
  readonly name: string;
  readonly ground: Ground;
  readonly trials: readonly FaultTrial[];
  readonly objections: readonly string[];
  readonly durationMs: number;
}

export interface VerifyFaultsOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** The names of what to try, by lab; everything of every lab when left out. */
  readonly only?: ReadonlyMap<string, readonly string[]> | undefined;
  /** None begins later than that after the first one. */
  readonly seconds?: number | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProof?: (proof: FaultProof) => void | Promise<void>;
  readonly onProgress?: (message: string) => void;
}

/**
 * What checks say when they cannot see: with their tools gone, captures killed, nodes stopped, links down, and late or
 * on a busy computer. None calls the mistake of a lab mended then, and none its solution broken.
 */
export async function verifyFaults(
  appliance: Appliance,
  { labs, workers, only, seconds, seed, signal, onProof, onProgress }: VerifyFaultsOptions,
): Promise<FaultProof[]> {
  const chosen = only === undefined ? labs : [...only.keys()].flatMap((id) => labs.find((it) => it.id === id) ?? []);
  const ends = seconds === undefined ? Infinity : performance.now() + 1000 * seconds;
  const proofs: FaultProof[] = [];
  await withLabs(
    appliance,
    { purpose: 'faults', labs: chosen, workers, signal, onProgress },
    async (transient, lab) => {
      for (const ground of faultGrounds) {
        if (only?.get(lab.id)?.includes(nameOfFaults(ground)) === false) continue;
        if (performance.now() >= ends) return 'enough';
        const proof = await proveFaults(appliance, transient, lab, { ground, seed, signal });
        proofs.push(proof);
        await onProof?.(proof);
      }
      return 'go on';
    },
  );
  return proofs;
}

async function proveFaults(
  appliance: Appliance,
  { network, workspace }: TransientNetwork,
  lab: Lab,
  { ground, seed, signal }: { ground: Ground; seed: number; signal: AbortSignal },
): Promise<FaultProof> {
  const began = performance.now();
  const trials: FaultTrial[] = [];
  const objections: string[] = [];
  const { plan } = appliance;
  const ready = (nodes: readonly string[]): Promise<void> => awaitReady(network, plan, { nodes, signal });
  try {
    const tree = (await treesOf(appliance, workspace, lab))[ground];
    await provingGround({ network, workspace }, ready, signal).layOut(tree, `faults at the ${ground}`, { fresh: true });
    await ready(lab.nodes);
    await forgetClients(network, lab.nodes, signal);
    const options = {
      network,
      plan,
      seed,
      signal,
      nonce: () => randomBytes(8).toString('hex'),
      clock: () => performance.now(),
    };
    for await (const trial of tryFaults(lab, ground, options)) {
      trials.push(trial);
      objections.push(...trial.objections.map((it) => `${trial.fault} (${trial.about}): ${it}`));
    }
  } catch (error) {
    if (signal.aborted || !isLabError(error) || error.code !== 'not-ready') throw error;
    objections.push(error.message);
  }
  const durationMs = Math.round(performance.now() - began);
  return { lab: lab.id, name: nameOfFaults(ground), ground, trials, objections, durationMs };
}
