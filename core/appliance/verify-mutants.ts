import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { forgetClients } from '../daemons/forget.ts';
import { loadEquivalent } from '../load/load-equivalent.ts';
import { isLabError, LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Finding } from '../model/run.ts';
import { reasonFor } from '../mutants/equivalent.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { drawMutants, mutantsOf } from '../mutants/mutants-of.ts';
import { probes } from '../probes/registry.ts';
import { basisId } from '../proofs/basis.ts';
import { drawsFrom } from '../run/draws.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { runLab } from '../run/run-lab.ts';
import type { TreeId } from '../workspace/store.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { describe, idOf, type MutantResult, readResults, writeResults } from './mutant-results.ts';
import { readBasis } from './proof-record.ts';
import { type ProvingGround, provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { type TransientNetwork, withTransientNetwork } from './transient.ts';
import { treesOf } from './trees.ts';

/** One mutant, and what the checks said of it. */
export interface Trial {
  readonly lab: string;
  readonly mutant: Mutant;
  readonly result: MutantResult;
  /** Why it makes no difference, where somebody said so in `equivalent.yml`. */
  readonly equivalent: string | undefined;
  /** Undefined when the result was known from an earlier run. */
  readonly durationMs: number | undefined;
}

export interface MutantOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** At most so many of each lab. */
  readonly perLab: number;
  /** Draws which ones, and the values that checks draw. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onTrial?: (trial: Trial) => void;
  readonly onProgress?: (message: string) => void;
}

/**
 * The test of the tests, made systematic: the solution of each lab with one small change at a time, in the
 * files that its patches touch. A change that no check notices is a line that nobody tests. What was found is
 * kept with the lab after each mutant, so that a run that was stopped goes on where it was.
 */
export async function verifyMutants(
  appliance: Appliance,
  { labs, workers, signal, onProgress, ...options }: MutantOptions,
): Promise<Trial[]> {
  const queue = [...labs];
  const trials: Trial[] = [];
  const work = async (): Promise<void> => {
    for (let lab = queue.shift(); lab !== undefined; lab = queue.shift()) {
      const one = lab;
      const network = {
        purpose: 'mutants',
        nodes: one.nodes,
        tree: async (workspace: TransientNetwork['workspace']) => (await treesOf(appliance, workspace, one)).solution,
        signal,
        ...(onProgress === undefined ? {} : { onProgress }),
      };
      trials.push(
        ...(await withTransientNetwork(appliance, network, (it) => tryLab(appliance, it, one, { ...options, signal }))),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, labs.length) }, work));
  return trials;
}

type LabOptions = Omit<MutantOptions, 'labs' | 'workers' | 'onProgress'>;

async function tryLab(
  appliance: Appliance,
  { network, workspace }: TransientNetwork,
  lab: Lab,
  { perLab, seed, signal, onTrial }: LabOptions,
): Promise<Trial[]> {
  const { solution } = await treesOf(appliance, workspace, lab);
  const reasons = loadEquivalent(lab.folder);
  const known = await readResults(lab);
  const basis = basisId(lab, await readBasis(appliance));
  const ready = (nodes: readonly string[], seconds?: number): Promise<void> =>
    awaitReady(network, appliance.plan, { nodes, signal, ...(seconds === undefined ? {} : { seconds }) });
  const ground = provingGround({ network, workspace }, (nodes) => ready(nodes), signal);
  const judge = (): Promise<readonly Finding[]> => judgeAll(appliance, lab, { network, seed, signal });

  const began = performance.now();
  await ready(network.nodes);
  const sound = (await judge()).filter((it) => it.verdict !== 'pass');
  if (sound.length > 0)
    throw new LabError(
      'not-ready',
      `the solution of ${lab.id} does not pass: ${sound.map((it) => it.check).join(', ')}`,
      {
        hint: `breakwater verify ${lab.id}`,
      },
    );
  // A network that a mutant broke is never complete: it gets twice what the sound one took, checks included.
  const seconds = Math.min(Math.ceil((2 * (performance.now() - began)) / 1000) + 2, 30);
  await ground.remember(solution, network.nodes);

  const trials: Trial[] = [];
  const kept = new Map<string, { result: MutantResult; about: string }>();
  for (const mutant of drawMutants(await mutantsOfLab(workspace, solution, lab), perLab, drawsFrom(seed, lab.id))) {
    signal.throwIfAborted();
    const id = idOf(basis, mutant);
    const before = known.get(id)?.result;
    const started = performance.now();
    const bench = { workspace, solution, ground, judge, ready: (nodes: readonly string[]) => ready(nodes, seconds) };
    const result = before ?? { id, ...(await tryMutant(mutant, bench)) };
    kept.set(id, { result, about: describe(mutant) });
    if (before === undefined) await writeResults(lab, new Map([...known, ...kept]));
    const trial = {
      lab: lab.id,
      mutant,
      result,
      equivalent: reasonFor(mutant, reasons)?.why,
      durationMs: before === undefined ? Math.round(performance.now() - started) : undefined,
    };
    trials.push(trial);
    onTrial?.(trial);
  }
  // Results of what is no longer drawn, or of an older lab, are of no use to anybody.
  await writeResults(lab, kept);
  return trials;
}

/** In the whole of each file that the break, an accept or a reject patch touches, as it stands in the solution. */
async function mutantsOfLab(workspace: TransientNetwork['workspace'], solution: TreeId, lab: Lab): Promise<Mutant[]> {
  const paths = [...new Set([lab.break, ...lab.accept, ...lab.reject].flatMap((it) => it.paths))].toSorted();
  const files = await Promise.all(
    paths.map(async (path) => [path, await workspace.readFileOf(solution, path)] as const),
  );
  return files.flatMap(([path, text]) => (text === undefined ? [] : mutantsOf(path, text)));
}

interface Bench {
  readonly workspace: TransientNetwork['workspace'];
  readonly solution: TreeId;
  readonly ground: ProvingGround;
  readonly judge: () => Promise<readonly Finding[]>;
  readonly ready: (nodes: readonly string[]) => Promise<void>;
}

async function tryMutant(
  mutant: Mutant,
  { workspace, solution, ground, judge, ready }: Bench,
): Promise<Omit<MutantResult, 'id'>> {
  // What a machine runs as a program says so in its first line (execve(2)).
  const executable = mutant.text.startsWith('#!');
  const file = { path: mutant.path, content: Buffer.from(mutant.text), executable };
  const laidOut = await ground.layOut(
    await workspace.importTree([file], { below: solution }),
    `mutant of ${mutant.path}`,
  );
  await ready(laidOut.nodes).catch((error: unknown) => {
    // It may well break the service; the checks say so.
    if (!isLabError(error) || error.code !== 'not-ready') throw error;
  });
  const by = (await judge()).filter((it) => it.verdict !== 'pass').map((it) => it.check);
  await ground.goBack(laidOut);
  return { outcome: by.length > 0 ? 'caught' : 'survived', by };
}

async function judgeAll(
  appliance: Appliance,
  lab: Lab,
  { network, seed, signal }: { network: TransientNetwork['network']; seed: number; signal: AbortSignal },
): Promise<readonly Finding[]> {
  const folder = await createRunFolder(join(resultsFolder(appliance), 'mutants'), new Date(), randomBytes);
  try {
    await forgetClients(network, lab.nodes, signal);
    const { findings } = await runLab(lab, {
      network,
      plan: appliance.plan,
      probes,
      folder,
      seed,
      signal,
      listener: () => {},
      concurrency: 4,
      clock: () => performance.now(),
      random: randomBytes,
    });
    return findings;
  } finally {
    await rm(folder.folder, { recursive: true, force: true });
  }
}
