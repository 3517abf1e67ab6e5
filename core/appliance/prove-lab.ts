import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';

import { forgetClients } from '../daemons/forget.ts';
import { isLabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { probes } from '../probes/registry.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { runLab } from '../run/run-lab.ts';
import type { TreeId } from '../workspace/store.ts';
import { diagnose } from './diagnose.ts';
import { type Expectation, isUnready, objectionsTo, refusalsUnder } from './expectation.ts';
import type { Proof } from './proof.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import type { TransientNetwork } from './transient.ts';

/** One configuration of a lab, and what it has to do to the checks. */
export interface Configuration {
  readonly name: string;
  readonly title: string;
  readonly tree: TreeId;
  readonly expectation: Expectation;
}

export interface ProveOptions {
  readonly plan: Plan;
  /** Where the evidence of what did not hold is kept. */
  readonly results: string;
  /** Asks once more where a configuration does not do as expected. */
  readonly again: boolean;
  /** Asks of a configuration whether it is to be judged; of all when left out. */
  readonly wanted?: ((configuration: string) => boolean) | undefined;
  /** Asked before each configuration: when it says no, the rest is left out. */
  readonly goOn?: (() => boolean) | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Lays out the configurations of a lab one after the other, and says of each what its checks said. */
export async function* proveLab(
  { network, workspace }: Pick<TransientNetwork, 'network' | 'workspace'>,
  lab: Lab,
  configurations: readonly Configuration[],
  { plan, results, again, wanted = () => true, goOn = () => true, seed, signal }: ProveOptions,
): AsyncGenerator<Proof> {
  const ready = (nodes: readonly string[]): Promise<void> => awaitReady(network, plan, { nodes, signal });
  const ground = provingGround({ network, workspace }, ready, signal);
  const patched = nodesOfPatches(lab).filter((node) => network.nodes.includes(node));
  let usualSeconds = 1;

  /** Has the network stand at a configuration, ready as far as can be expected of it. */
  const settle = async ({ name, tree, expectation }: Configuration) => {
    const began = performance.now();
    // What the others are compared with begins from nothing.
    const laidOut = await ground.layOut(tree, name, { fresh: isFirst(name) });
    // Whoever was not touched answers still, unless routes to it went with a node that was restarted.
    const awaited = laidOut.how === 'renewed' ? laidOut.nodes : lab.nodes;
    const seconds = expectation.kind === 'caught' ? secondsToWait(usualSeconds) : 30;
    const [diagnostics] = await Promise.all([
      diagnose(network, { nodes: laidOut.nodes, signal }),
      awaitReady(network, plan, { nodes: awaited, seconds, signal }).catch((error: unknown) => {
        // A wrong fix may well break the service; the checks say so.
        if (!isLabError(error) || error.code !== 'not-ready' || expectation.kind !== 'caught') throw error;
      }),
    ]);
    await forgetClients(network, lab.nodes, signal);
    if (name === 'start') {
      usualSeconds = (performance.now() - began) / 1000;
      await ground.remember(tree, patched);
    }
    return { laidOut, diagnostics };
  };

  const prove = async (configuration: Configuration): Promise<Proof> => {
    const { name, title, expectation } = configuration;
    const began = performance.now();
    const { laidOut, diagnostics } = await settle(configuration);
    const folder = await createRunFolder(results, new Date(), randomBytes);
    const { findings } = await runLab(lab, {
      network,
      plan,
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
    const unclean = isFirst(name) ? [] : await ground.goBack(laidOut);
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

  const orUnready =
    (configuration: Configuration, began = performance.now()) =>
    (error: unknown): Proof => {
      if (signal.aborted || !isLabError(error) || error.code !== 'not-ready') throw error;
      return unready(lab, configuration, { message: error.message, durationMs: Math.round(performance.now() - began) });
    };

  const compared = configurations.some(({ name }) => !isFirst(name) && wanted(name));
  for (const configuration of configurations) {
    const asked = wanted(configuration.name);
    if (!asked && !(configuration.name === 'start' && compared)) continue;
    signal.throwIfAborted();
    if (!goOn()) return;
    const first = await (asked ? prove(configuration) : settle(configuration).then(() => undefined)).catch(
      orUnready(configuration),
    );
    if (first === undefined) continue;
    const proof =
      first.objections.length > 0 && again
        ? { ...(await prove(configuration).catch(orUnready(configuration))), firstObjections: first.objections }
        : first;
    yield proof;
    // What it left on the nodes would be taken for the next one's; the next lab makes them anew.
    if (isUnready(proof)) return;
  }
}

/** The network was never complete with this configuration, which does not hold then. */
function unready(
  lab: Lab,
  { name, title, expectation }: Configuration,
  { message, durationMs }: { message: string; durationMs: number },
): Proof {
  return {
    lab: lab.id,
    configuration: name,
    title,
    expectation,
    findings: [],
    objections: [message],
    firstObjections: [],
    folder: undefined,
    unclean: [],
    durationMs,
  };
}

/** Of these the nodes are made anew; all others begin at the start, and go back to it. */
function isFirst(configuration: string): boolean {
  return configuration === 'solution' || configuration === 'start';
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
