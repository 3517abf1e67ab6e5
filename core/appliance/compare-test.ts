import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { absentList } from '../load/absent-files.ts';
import { formatDiagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError, isLabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Finding } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import type { TreeId } from '../workspace/store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import type { Proof } from './proof.ts';
import { testConfiguration } from './test-configuration.ts';
import { openScratchWorkspace } from './transient.ts';
import { treesOf } from './trees.ts';
import { configurationsFor, verify } from './verify.ts';

/** A check that `verify` and `test` see differently; `undefined` where one of them did not come to ask it. */
export interface Difference {
  readonly check: string;
  readonly verify: Verdict | undefined;
  readonly test: Verdict | undefined;
}

/** One configuration of a lab, judged in both ways. */
export interface Comparison {
  readonly lab: string;
  readonly configuration: string;
  readonly differences: readonly Difference[];
  /** Why `test` judged nothing. */
  readonly refusal: string | undefined;
  /** What differed at a first try, when this was the second. */
  readonly firstDifferences: readonly Difference[];
  readonly durationMs: number;
}

export interface CompareOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  readonly seed: number;
  /** Asks once more where both differ. */
  readonly again?: boolean;
  readonly signal: AbortSignal;
  readonly onComparison?: (comparison: Comparison) => void;
}

/**
 * `verify` takes one network from patch to patch, `test` makes a new one of a folder of files: both have to see
 * the same. Each configuration of a lab is written down as its owner would bring it, whole files that differ
 * from the solution and a list of those that are gone, and is judged by `test` with the values that `verify` drew.
 */
export async function compareWithTest(
  appliance: Appliance,
  { labs, workers, again = false, onComparison, ...options }: CompareOptions,
): Promise<Comparison[]> {
  const queue = [...labs];
  const comparisons: Comparison[] = [];
  const work = async (): Promise<void> => {
    for (let lab = queue.shift(); lab !== undefined; lab = queue.shift()) {
      for await (const comparison of compareLab(appliance, lab, { ...options, again })) {
        comparisons.push(comparison);
        onComparison?.(comparison);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, labs.length) }, work));
  return comparisons;
}

async function* compareLab(
  appliance: Appliance,
  lab: Lab,
  { seed, signal, again }: { seed: number; signal: AbortSignal; again: boolean },
): AsyncGenerator<Comparison> {
  const proofs = await verify(appliance, { labs: [lab], workers: 1, seed, signal });
  const scratch = await openScratchWorkspace(appliance, 'compare');
  const folder = join(appliance.paths.state, 'compare-test', lab.id);
  try {
    const { solution } = await treesOf(appliance, scratch.workspace, lab);
    for (const { name, tree } of await configurationsFor(appliance, scratch.workspace, lab)) {
      const began = performance.now();
      const proof = proofs.find((it) => it.configuration === name);
      const configs = await writeCandidate(scratch.workspace, { solution, tree, folder: join(folder, name) });
      const ask = async (): Promise<{ differences: readonly Difference[]; refusal: string | undefined }> => {
        const { findings, refusal } = await judge(appliance, lab, { configs, seed, signal });
        return { differences: differencesOf(proof, findings), refusal };
      };
      const first = await ask();
      const isSecond = again && first.differences.length > 0;
      yield {
        lab: lab.id,
        configuration: name,
        ...(isSecond ? await ask() : first),
        firstDifferences: isSecond ? first.differences : [],
        durationMs: Math.round(performance.now() - began),
      };
    }
  } finally {
    await scratch.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every check on which both do not agree. Pure. */
export function differencesOf(proof: Pick<Proof, 'findings'> | undefined, tested: readonly Finding[]): Difference[] {
  const verified = new Map((proof?.findings ?? []).map((it) => [it.check, it.verdict]));
  const judged = new Map(tested.map((it) => [it.check, it.verdict]));
  return [...new Set([...verified.keys(), ...judged.keys()])].flatMap((check) => {
    const difference = { check, verify: verified.get(check), test: judged.get(check) };
    return difference.verify === difference.test ? [] : [difference];
  });
}

/** Writes down what differs from the solution. Undefined where nothing does. */
async function writeCandidate(
  workspace: Workspace,
  { solution, tree, folder }: { solution: TreeId; tree: TreeId; folder: string },
): Promise<string | undefined> {
  const changes = await workspace.changes(solution, tree);
  if (changes.length === 0) return undefined;
  await workspace.checkout(tree, 'as files');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const gone = changes.filter((it) => it.status === 'deleted').map((it) => it.path);
  if (gone.length > 0) await writeFile(join(folder, absentList), `${gone.join('\n')}\n`);
  for (const { path } of changes.filter((it) => it.status !== 'deleted')) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await copyFile(join(workspace.configs, path), join(folder, path));
  }
  return folder;
}

async function judge(
  appliance: Appliance,
  lab: Lab,
  { configs, seed, signal }: { configs: string | undefined; seed: number; signal: AbortSignal },
): Promise<{ findings: readonly Finding[]; refusal: string | undefined }> {
  const options = { labs: [lab], seed, signal, ...(configs === undefined ? {} : { configs }) };
  try {
    const run = await testConfiguration(appliance, options);
    return { findings: run.labs[0]?.findings ?? [], refusal: undefined };
  } catch (error) {
    if (signal.aborted || !isLabError(error)) throw error;
    const refusal =
      error instanceof DiagnosticsError ? error.diagnostics.map(formatDiagnostic).join('\n') : error.message;
    return { findings: [], refusal };
  }
}
