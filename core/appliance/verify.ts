import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Lab } from '../model/lab.ts';
import { drawSeed } from '../run/draws.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { withLabs } from './lab-queue.ts';
import { configurationsOf, type Proof } from './proof.ts';
import { type Configuration, proveLab } from './prove-lab.ts';
import type { TransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

export interface VerifyOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** Asks once more where a configuration does not do as expected. */
  readonly again?: boolean;
  /** The names of the configurations to judge, by lab; all of every lab when left out. */
  readonly only?: ReadonlyMap<string, readonly string[]> | undefined;
  /** No configuration begins later than that after the first one. */
  readonly seconds?: number | undefined;
  /** Of the values that checks draw, the same for every configuration. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProof?: (proof: Proof) => void | Promise<void>;
  readonly onProgress?: (message: string) => void;
}

/**
 * The test of the tests: on real daemons, the attack works at the start and the service goes on; the
 * solution (the baseline in the lab's scene) and each other right fix pass; each wrong fix is caught by a
 * check that its header names. Every check is asked every time, as `test` does, which also shows who else
 * catches a wrong fix.
 */
export async function verify(
  appliance: Appliance,
  { labs, workers, again = false, only, seconds, seed, signal, onProof, onProgress }: VerifyOptions,
): Promise<Proof[]> {
  // Labs as `only` names them; else the longest first: nobody waits for it at the end.
  const chosen =
    only === undefined
      ? labs.toSorted((a, b) => configurationsOf(b) - configurationsOf(a))
      : [...only.keys()].flatMap((id) => labs.find((it) => it.id === id) ?? []);
  const ends = seconds === undefined ? Infinity : performance.now() + 1000 * seconds;
  const goOn = (): boolean => performance.now() < ends;
  const results = join(resultsFolder(appliance), 'verify');
  const proofs: Proof[] = [];
  await withLabs(
    appliance,
    { purpose: 'verify', labs: chosen, workers, signal, onProgress },
    async (transient, lab) => {
      if (!goOn()) return 'enough';
      const names = only?.get(lab.id);
      const wanted = names && ((name: string) => names.includes(name));
      const configurations = await configurationsFor(appliance, transient.workspace, lab);
      const how = { plan: appliance.plan, results, again, wanted, goOn, seed, signal };
      for await (const proof of proveLab(transient, lab, configurations, how)) {
        proofs.push(proof);
        await onProof?.(proof);
      }
      return 'go on';
    },
  );
  return proofs;
}

/** A seed that nobody has had before. */
export function newSeed(): number {
  return drawSeed(randomBytes);
}

/** Solution and start first: the others are compared with them. */
export async function configurationsFor(
  appliance: Appliance,
  workspace: TransientNetwork['workspace'],
  lab: Lab,
): Promise<Configuration[]> {
  const { solution, start } = await treesOf(appliance, workspace, lab);
  const configurations: Configuration[] = [
    { name: 'solution', title: titleOfSolution(lab), tree: solution, expectation: { kind: 'sound' } },
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
  return configurations;
}

function titleOfSolution(lab: Lab): string {
  return lab.scene === undefined ? 'the hardened baseline' : `the hardened baseline in the scene: ${lab.scene.title}`;
}
