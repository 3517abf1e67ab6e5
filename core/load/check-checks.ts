import type { Check, LabFile } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Probe } from '../probes/probe.ts';
import { type Complaints, oneOf } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';
import type { Path } from './positions.ts';
import { checkShape, complainAt, type YamlFile } from './yaml.ts';

/** What checks are held against. */
interface Judges {
  readonly plan: Plan;
  readonly probes: ReadonlyMap<string, Probe>;
}

/**
 * Complains about checks that cannot judge: without a counterpart (a lab needs a service check
 * and one of another kind), with the id of another, with an unknown probe, parameters that the probe does not take,
 * or nodes that the lab does not bring up.
 */
export function complainOfChecks(complaints: Complaints, yaml: YamlFile, lab: LabFile, context: Judges): void {
  const kinds = new Set(lab.checks.map((check) => check.kind));
  const missing = [
    ...(kinds.has('abuse') || kinds.has('inspection')
      ? []
      : [['abuse or inspection', 'at least one attack that must be stopped, or something that must be so'] as const]),
    ...(kinds.has('service')
      ? []
      : [['service', 'at least one legitimate use that must go on, or unplugging the node would pass'] as const]),
  ];
  for (const [kind, expected] of missing)
    complainAt(complaints, yaml, ['checks'], { message: `no check has the kind ${kind}`, expected }, 'key');
  const first = new Map<string, Path>();
  for (const [index, check] of lab.checks.entries()) {
    const path: Path = ['checks', index];
    const before = first.get(check.id);
    if (before === undefined) first.set(check.id, [...path, 'id']);
    else
      complainAt(complaints, yaml, [...path, 'id'], {
        message: `${check.id} is the id of another check`,
        hint: `the first is in line ${yaml.place(before).value.line}`,
      });
    if (check.control !== undefined && !lab.controls.includes(check.control)) {
      complainAt(complaints, yaml, [...path, 'control'], {
        message: `the lab does not list the control "${check.control}"`,
        expected: oneOf(lab.controls),
        hint: didYouMean(check.control, lab.controls),
      });
    }
    complainOfProbe(complaints, yaml, lab, check, path, context);
  }
  complainOfGoals(complaints, yaml, lab, context.probes);
}

function complainOfProbe(
  complaints: Complaints,
  yaml: YamlFile,
  lab: LabFile,
  check: Check,
  path: Path,
  { probes, plan }: Judges,
): void {
  const probe = probes.get(check.probe);
  if (probe === undefined) {
    complainAt(complaints, yaml, [...path, 'probe'], {
      message: `there is no probe "${check.probe}"`,
      expected: oneOf([...probes.keys()]),
      hint: didYouMean(check.probe, probes.keys()),
    });
    return;
  }
  const params = checkShape(yaml, probe.params, complaints, { at: [...path, 'with'], value: check.with });
  if (params === undefined) return;
  for (const node of new Set(probe.nodes(params, plan))) {
    if (lab.nodes.includes(node)) continue;
    complainAt(complaints, yaml, placeOfWord(yaml, [...path, 'with'], check.with, node), {
      message: `${check.id} uses ${node}, which the lab does not list`,
      expected: oneOf(lab.nodes),
      hint: didYouMean(node, lab.nodes) ?? `add ${node} to nodes`,
    });
  }
}

/** A goal that speaks of a class of places is empty words where no check tries from there. */
function complainOfGoals(
  complaints: Complaints,
  yaml: YamlFile,
  lab: LabFile,
  probes: ReadonlyMap<string, Probe>,
): void {
  const tried = new Set(
    lab.checks.flatMap((check) => {
      const probe = probes.get(check.probe);
      const params = probe?.params.safeParse(check.with);
      return params?.success === true ? (probe?.classes?.(params.data) ?? []) : [];
    }),
  );
  for (const [index, goal] of lab.goals.entries()) {
    if (typeof goal === 'string') continue;
    for (const [at, name] of goal.classes.entries())
      if (!tried.has(name))
        complainAt(complaints, yaml, ['goals', index, 'classes', at], {
          message: `no check tries the class ${name}`,
          expected: tried.size === 0 ? 'a check that names the class in its parameters' : oneOf([...tried]),
          hint: `name it where a check says from where it acts, such as from: [${name}]`,
        });
  }
}

/** Where a word stands among parameters, or the parameters themselves. */
function placeOfWord(yaml: YamlFile, path: Path, value: unknown, word: string): Path {
  return findWord(path, value, word) ?? (yaml.place(path).exists ? path : path.slice(0, -1));
}

function findWord(path: Path, value: unknown, word: string): Path | undefined {
  if (value === word) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findWord([...path, key], inner, word);
    if (found !== undefined) return found;
  }
  return undefined;
}
