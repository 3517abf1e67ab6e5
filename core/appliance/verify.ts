import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { forgetClients } from '../daemons/forget.ts';
import { isLabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import { probes } from '../probes/registry.ts';
import { drawSeed } from '../run/draws.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { runLab } from '../run/run-lab.ts';
import type { TreeId } from '../workspace/store.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { diagnose } from './diagnose.ts';
import { configurationsOf, type Expectation, objectionsTo, type Proof, refusalsUnder } from './proof.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { nodesOf } from './test-configuration.ts';
import { type TransientNetwork, withTransientNetwork } from './transient.ts';
import { treesOf } from './up.ts';

export interface VerifyOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** Asks once more where a configuration does not do as expected. */
  readonly again?: boolean;
  /** Of the values that checks draw, the same for every configuration. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProof?: (proof: Proof) => void;
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
  { labs, workers, again = false, seed, signal, onProof, onProgress }: VerifyOptions,
): Promise<Proof[]> {
  // The longest first: nobody waits for it at the end.
  const queue = labs.toSorted((a, b) => configurationsOf(b) - configurationsOf(a));
  const proofs: Proof[] = [];
  const work = async (): Promise<void> => {
    const first = queue.shift();
    if (first === undefined) return;
    const options = {
      purpose: 'verify',
      nodes: nodesOf(labs),
      tree: async (workspace: TransientNetwork['workspace']) =>
        (await treesOf(appliance, workspace, undefined)).baseline,
      signal,
      onProgress,
    };
    await withTransientNetwork(appliance, options, async (transient) => {
      for (let lab: Lab | undefined = first; lab !== undefined; lab = queue.shift()) {
        for await (const proof of proveLab(appliance, transient, lab, { again, seed, signal })) {
          proofs.push(proof);
          onProof?.(proof);
        }
      }
    });
  };
  await Promise.all(Array.from({ length: Math.min(workers, labs.length) }, work));
  return proofs;
}

/** A seed that nobody has had before. */
export function newSeed(): number {
  return drawSeed(randomBytes);
}

/** One configuration of a lab, and what it has to do to the checks. */
export interface Configuration {
  readonly name: string;
  readonly title: string;
  readonly tree: TreeId;
  readonly expectation: Expectation;
}

async function* proveLab(
  appliance: Appliance,
  { network, workspace }: TransientNetwork,
  lab: Lab,
  { again, seed, signal }: { again: boolean; seed: number; signal: AbortSignal },
): AsyncGenerator<Proof> {
  const ready = (nodes: readonly string[]): Promise<void> => awaitReady(network, appliance.plan, { nodes, signal });
  const ground = provingGround({ network, workspace }, ready, signal);
  const patched = nodesOfPatches(lab).filter((node) => network.nodes.includes(node));
  let usualSeconds = 1;

  const prove = async ({ name, title, tree, expectation }: Configuration): Promise<Proof> => {
    const began = performance.now();
    // What the others are compared with begins from nothing.
    const first = name === 'solution' || name === 'start';
    const laidOut = await ground.layOut(tree, name, { fresh: first });
    // Whoever was not touched answers still, unless routes to it went with a node that was restarted.
    const awaited = laidOut.how === 'renewed' ? laidOut.nodes : lab.nodes;
    const seconds = expectation.kind === 'caught' ? secondsToWait(usualSeconds) : 30;
    const [diagnostics] = await Promise.all([
      diagnose(network, { nodes: laidOut.nodes, signal }),
      awaitReady(network, appliance.plan, { nodes: awaited, seconds, signal }).catch((error: unknown) => {
        // A wrong fix may well break the service; the checks say so.
        if (!isLabError(error) || error.code !== 'not-ready' || expectation.kind !== 'caught') throw error;
      }),
    ]);
    await forgetClients(network, lab.nodes, signal);
    if (name === 'start') {
      usualSeconds = (performance.now() - began) / 1000;
      await ground.remember(tree, patched);
    }
    const folder = await createRunFolder(join(resultsFolder(appliance), 'verify'), new Date(), randomBytes);
    const { findings } = await runLab(lab, {
      network,
      plan: appliance.plan,
      probes,
      folder,
      diagnostics,
      signal,
      listener: () => {},
      concurrency: 4,
      seed,
      clock: () => performance.now(),
      random: randomBytes,
    });
    const objections = [...objectionsTo(expectation, findings), ...refusalsUnder(expectation, diagnostics)];
    if (objections.length === 0) await rm(folder.folder, { recursive: true, force: true });
    const unclean = first ? [] : await ground.goBack(laidOut);
    return {
      lab: lab.id,
      configuration: name,
      title,
      expectation,
      findings,
      objections,
      firstObjections: [],
      folder: objections.length === 0 ? undefined : folder.folder,
      unclean,
      durationMs: Math.round(performance.now() - began),
    };
  };

  for (const configuration of await configurationsFor(appliance, workspace, lab)) {
    signal.throwIfAborted();
    const proof = await prove(configuration);
    yield proof.objections.length > 0 && again
      ? { ...(await prove(configuration)), firstObjections: proof.objections }
      : proof;
  }
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

/** Nodes whose files any patch of the lab touches. */
function nodesOfPatches(lab: Lab): string[] {
  const paths = [...(lab.scene === undefined ? [] : [lab.scene]), lab.break, ...lab.accept, ...lab.reject].flatMap(
    (patch) => patch.paths,
  );
  return [...new Set(paths.map((path) => path.split('/')[0] ?? ''))];
}

/** A network that a wrong fix broke is never complete. It gets more than twice the time that this computer needed for the sound one. */
function secondsToWait(usualSeconds: number): number {
  return Math.min(Math.ceil(2 * usualSeconds) + 1, 30);
}
