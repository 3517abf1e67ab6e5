import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import type { Control } from '../model/control.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';
import { LabId } from '../model/ids.ts';
import { type Lab, LabFile, type LabPatch } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Topology } from '../model/topology.ts';
import type { Probe } from '../probes/probe.ts';
import { complainOfChecks } from './check-checks.ts';
import { type Complaint, Complaints, fileStart, oneOf, refuse } from './complaints.ts';
import { loadPatch, type PatchContext } from './load-patch.ts';
import { didYouMean } from './near-spelling.ts';
import type { Path } from './positions.ts';
import { readText } from './read-file.ts';
import { checkShape, complainAt, parseYaml, type YamlFile } from './yaml.ts';

/** What a lab is checked against. */
export interface LabContext {
  readonly topology: Topology;
  readonly plan: Plan;
  readonly probes: ReadonlyMap<string, Probe>;
  /** Rows of controls.yml; a lab's controls must be among them when they are given. */
  readonly controls?: readonly Control[];
}

/**
 * Reads the folder of a lab: lab.yml, brief.md, scene.patch, break.patch, accept/ and reject/. Labs come from other
 * people: nothing outside the folder is read. @throws DiagnosticsError with the complaints of all its files
 */
export function loadLab(folder: string, context: LabContext): Lab {
  const complaints = new Complaints();
  const id = complaints.collect(() => labIdOf(folder));
  const file = complaints.collect(() =>
    parseLabFile(join(folder, 'lab.yml'), readText(join(folder, 'lab.yml'), { within: folder }), context),
  );
  const brief = complaints.collect(() => readBrief(folder));
  const patches = loadPatches(
    folder,
    {
      nodes: [...(file?.nodes ?? context.topology.nodes.keys())],
      checks: file?.checks.map((check) => check.id),
      fixed: file?.mend ?? [],
    },
    complaints,
  );
  complaints.end();
  return {
    ...(file as LabFile),
    id: id as string,
    folder: resolve(folder),
    brief: brief as string,
    ...(patches as Patches),
  };
}

/** A lab that cannot be used, and why. */
export interface BrokenLab {
  readonly id: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every lab of a tree `<area>/<name>/lab.yml`, sorted by id. A lab with a fault is that lab's fault: the others are there. */
export function loadAllLabs(
  folder: string,
  context: LabContext,
): { readonly labs: readonly Lab[]; readonly broken: readonly BrokenLab[] } {
  const labs: Lab[] = [];
  const broken: BrokenLab[] = [];
  for (const id of labIdsIn(folder)) {
    try {
      labs.push(loadLab(join(folder, id), context));
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      broken.push({ id, diagnostics: error.diagnostics });
    }
  }
  return { labs, broken };
}

/** The ids of all labs of a tree `<area>/<name>/lab.yml`, sound or not, sorted. */
export function labIdsIn(folder: string): string[] {
  return foldersOf(folder)
    .flatMap((area) => foldersOf(join(folder, area)).map((name) => `${area}/${name}`))
    .toSorted();
}

/** Reads a `lab.yml` from a text. Pure. @throws DiagnosticsError */
export function parseLabFile(file: string, text: string, context: LabContext): LabFile {
  const complaints = new Complaints();
  const yaml = parseYaml(file, text);
  const lab = checkShape(yaml, LabFile, complaints);
  if (lab !== undefined) {
    if (lab.topology !== context.topology.name) {
      complainAt(complaints, yaml, ['topology'], {
        message: `the lab is made for the topology ${lab.topology}`,
        expected: context.topology.name,
      });
    }
    complainOfNames(
      complaints,
      yaml,
      ['nodes'],
      lab.nodes,
      [...context.topology.nodes.keys()],
      `the topology ${context.topology.name} has no node`,
    );
    complainOfNames(complaints, yaml, ['mend'], lab.mend, lab.nodes, 'the lab does not list the node');
    if (context.controls !== undefined) {
      const known = context.controls.map((control) => control.id);
      complainOfNames(complaints, yaml, ['controls'], lab.controls, known, 'controls.yml has no row');
    }
    complainOfChecks(complaints, yaml, lab, context);
  }
  complaints.end();
  return lab as LabFile;
}

function complainOfNames(
  complaints: Complaints,
  yaml: YamlFile,
  path: Path,
  names: readonly string[],
  known: readonly string[],
  message: string,
): void {
  for (const [index, name] of names.entries()) {
    if (!known.includes(name))
      complainAt(complaints, yaml, [...path, index], {
        message: `${message} "${name}"`,
        expected: oneOf(known),
        hint: didYouMean(name, known),
      });
    else if (names.indexOf(name) < index)
      complainAt(complaints, yaml, [...path, index], { message: `${name} stands here a second time` });
  }
}

type Patches = Pick<Lab, 'scene' | 'break' | 'accept' | 'reject'>;

function loadPatches(
  folder: string,
  {
    nodes,
    checks,
    fixed,
  }: { nodes: readonly string[]; checks: readonly string[] | undefined; fixed: readonly string[] },
  complaints: Complaints,
): Patches | undefined {
  const load = (file: string, kind: PatchContext['kind']): LabPatch[] => {
    const patch = complaints.collect(() =>
      loadPatch(file, { kind, nodes, fixed, ...(checks === undefined ? {} : { checks }) }, { within: folder }),
    );
    return patch === undefined ? [] : [patch];
  };
  const all = (kind: 'accept' | 'reject', least: number, why: string): LabPatch[] => {
    const names = complaints.collect(() => patchNames(join(folder, kind))) ?? [];
    if (names.length < least)
      complaints.add(join(folder, kind), fileStart, {
        message: `${names.length} of at least ${least} patches`,
        expected: why,
      });
    return names.flatMap((name) => load(join(folder, kind, name), kind));
  };
  const scene = existsSync(join(folder, 'scene.patch')) ? load(join(folder, 'scene.patch'), 'scene') : [];
  const [broken] = load(join(folder, 'break.patch'), 'break');
  const accept = all('accept', 2, 'right fixes other than the baseline, so that no single wording is asked for');
  const reject = all('reject', 1, 'wrong fixes that look right, so that the checks are seen to find them');
  return broken === undefined
    ? undefined
    : { ...(scene[0] === undefined ? {} : { scene: scene[0] }), break: broken, accept, reject };
}

function patchNames(folder: string): string[] {
  const complaints = new Complaints();
  const names = list(folder)
    .map((entry) => entry.name)
    .toSorted();
  for (const name of names) {
    if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.patch$/.test(name))
      complaints.add(join(folder, name), fileStart, {
        message: `"${name}" is not a name of a patch`,
        expected: 'kebab-case and .patch, such as only-ipv4.patch',
      });
  }
  complaints.end();
  return names;
}

function readBrief(folder: string): string {
  const file = join(folder, 'brief.md');
  const brief = readText(file, { within: folder });
  return brief.trim() === ''
    ? refuse(file, fileStart, {
        message: 'the brief is empty',
        expected: 'what happened, and what the trainee is asked for',
      })
    : brief;
}

function labIdOf(folder: string): string {
  const path = resolve(folder);
  const id = `${basename(dirname(path))}/${basename(path)}`;
  const complaint: Complaint = {
    message: `the folder ${id} is no id of a lab`,
    expected: 'an area and a name in kebab-case, such as filtering/ingress-source',
  };
  return LabId.safeParse(id).success ? id : refuse(join(folder, 'lab.yml'), fileStart, complaint);
}

function foldersOf(folder: string): string[] {
  return list(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

function list(folder: string): { name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return refuse(folder, fileStart, { message: 'this is not a folder that may be read' });
  }
}
