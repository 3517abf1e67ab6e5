import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import { loadHeld } from '../load/load-held.ts';
import { LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import { type Basis, faultInjector, faultSubjectsOf, judges, moduleOfProbe, subjectsOf } from '../proofs/basis.ts';
import { contentId } from '../proofs/content-id.ts';
import { formatHeld, type HeldProofs, withResult } from '../proofs/held.ts';
import { select, type Selection, type Task, tasksOf } from '../proofs/select.ts';
import { drawsFrom } from '../run/draws.ts';
import type { Appliance } from './appliance.ts';
import { hasSource, readModules } from './source-modules.ts';

/** Reads what verdicts depend on, beside the labs themselves. */
export async function readBasis(appliance: Appliance): Promise<Basis> {
  const probes = [...appliance.labs.values()].flatMap((lab) => lab.checks.map((it) => moduleOfProbe(it.probe)));
  const files = await appliance.baseline();
  return {
    image: appliance.recipe.id,
    topology: appliance.topology,
    plan: appliance.plan,
    baseline: new Map(
      files.map(({ path, content, executable = false }) => [
        path,
        contentId([contentId(content), executable ? 'executable' : 'plain']),
      ]),
    ),
    modules: await readModules(
      appliance.product,
      [...new Set([...judges, faultInjector, ...probes])],
      appliance.version,
    ),
  };
}

/** What is on record of labs, and what of it is run. */
export interface OpenRecord {
  /** Everything that can be proved of the labs. */
  readonly all: readonly Task[];
  readonly selection: Selection;
}

/** What is proved of labs: what each configuration does to the checks, and what checks say when they cannot see. */
const subjects = { configurations: subjectsOf, faults: faultSubjectsOf } as const;

export interface RecordOptions {
  readonly of?: keyof typeof subjects;
  readonly changed: boolean;
  readonly rotate: number;
  /** Draws the rotating part. */
  readonly seed: number;
}

/**
 * Compares the record with what is there now. Without `changed` and `rotate` all is selected, whatever is on record.
 * @throws LabError where no record is kept, DiagnosticsError for one that is unsound
 */
export async function openRecord(
  appliance: Appliance,
  labs: readonly Lab[],
  { of = 'configurations', changed, rotate, seed }: RecordOptions,
): Promise<OpenRecord> {
  if (!hasSource(appliance.product))
    throw new LabError('usage', `proofs are kept in a checkout of Breakwater, and ${appliance.product} is none`, {
      hint: 'breakwater verify LAB, without --changed, --rotate and --record',
    });
  const basis = await readBasis(appliance);
  const all = labs.flatMap((lab) => {
    const held = loadHeld(fileOf(appliance, lab.id));
    return tasksOf(subjects[of](lab, basis), ({ name }) => held.get(name));
  });
  const everything = !changed && rotate === 0;
  return {
    all,
    selection: everything
      ? { tasks: all, holding: [], unproved: [] }
      : select(all, { changed, rotate, draws: drawsFrom(seed, 'rotate') }),
  };
}

/** Writes down what became of one of the tasks. `tasks` has all of that lab. */
export async function recordProof(
  appliance: Appliance,
  tasks: readonly Task[],
  { lab, name, objections }: { lab: string; name: string; objections: readonly string[] },
  today: string,
): Promise<void> {
  const all = tasks.filter((it) => it.lab === lab);
  const task = all.find((it) => it.name === name);
  if (task === undefined) return;
  const file = fileOf(appliance, lab);
  const result = objections.length === 0 ? { id: task.id, on: today } : undefined;
  const before: HeldProofs = loadHeld(file);
  const after = withResult(before, { name, result, current: all.map((it) => it.name) });
  const text = formatHeld(after);
  if (after.size === before.size && text === formatHeld(before)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, text);
}

/** The record of a lab, from the root of the checkout. */
export function recordOf(lab: string): string {
  return join('proofs', `${lab}.json`);
}

function fileOf(appliance: Appliance, lab: string): string {
  return join(appliance.product, recordOf(lab));
}
