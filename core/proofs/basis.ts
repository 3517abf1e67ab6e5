import type { Lab, LabPatch } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { subTopology, type Topology } from '../model/topology.ts';
import { contentId } from './content-id.ts';
import { type ModuleGraph, reachable } from './module-graph.ts';

/** What the verdicts on all labs depend on, beside the labs themselves; read once. */
export interface Basis {
  /** Id of the recipe of the node image. */
  readonly image: string;
  readonly topology: Topology;
  readonly plan: Plan;
  /** Content id of each file of the baseline, by its path `<node>/etc/…`. */
  readonly baseline: ReadonlyMap<string, string>;
  readonly modules: ModuleGraph;
}

/** What lays out a configuration and judges it, whichever lab it is of. */
export const judges = ['core/appliance/prove-lab.ts', 'core/runtime/rootless/runtime.ts'] as const;

/** It imports every probe. A lab depends on those that its checks name. */
export const probeRegistry = 'core/probes/registry.ts';

/** The module of a probe: each has a file of its name. */
export function moduleOfProbe(name: string): string {
  return `core/probes/${name}.ts`;
}

/** The content id of all that a verdict on a lab depends on, apart from the patch that is judged. */
export function basisId(lab: Lab, basis: Basis): string {
  const { image, topology, plan, baseline, modules } = basis;
  const { nodes, links } = subTopology(topology, lab.nodes);
  const probes = lab.checks.map((it) => moduleOfProbe(it.probe));
  return contentId({
    image,
    nodes: [...nodes.values()],
    links,
    plan: { ...plan, nodes: Object.entries(plan.nodes).map(([name, node]) => ({ ...node, ...undrawn, name })) },
    baseline: [...baseline].filter(([path]) => nodes.has(path.split('/')[0] ?? '')).toSorted(byName),
    modules: reachable(modules, [...judges, ...probes], [probeRegistry]).map((it) => [it, modules.get(it)?.id]),
    checks: lab.checks.map((check) => ({ ...check, ...untold })),
    scene: lab.scene?.diff,
  });
}

/** A thing that can be proved, and the content id of all that the proof depends on. */
export interface Subject {
  readonly lab: string;
  /** Its kind and name inside the lab: `start`, `solution`, `accept/NAME`, `reject/NAME`. */
  readonly name: string;
  readonly id: string;
}

/** Every configuration of a lab, in the order in which `verify` takes them. */
export function subjectsOf(lab: Lab, basis: Basis): Subject[] {
  const common = basisId(lab, basis);
  const subject = (name: string, content: object): Subject => ({
    lab: lab.id,
    name,
    id: contentId({ common, name, ...content }),
  });
  const from = lab.break.diff;
  const patched = ({ diff, fails }: LabPatch): object => ({ from, diff, fails: fails.toSorted() });
  return [
    subject('solution', {}),
    subject('start', { from }),
    ...lab.accept.map((it) => subject(`accept/${it.name}`, patched(it))),
    ...lab.reject.map((it) => subject(`reject/${it.name}`, patched(it))),
  ];
}

/** Where checks are asked while something goes wrong. */
export const faultGrounds = ['solution', 'start'] as const;

/** What has things go wrong. */
export const faultInjector = 'core/appliance/try-faults.ts';

export function nameOfFaults(ground: (typeof faultGrounds)[number]): string {
  return `faults/${ground}`;
}

/** What is proved of the checks of a lab while something goes wrong. */
export function faultSubjectsOf(lab: Lab, basis: Basis): Subject[] {
  const common = basisId(lab, basis);
  const modules = reachable(basis.modules, [faultInjector], [probeRegistry]).map((it) => [
    it,
    basis.modules.get(it)?.id,
  ]);
  return faultGrounds.map((ground) => {
    const name = nameOfFaults(ground);
    return { lab: lab.id, name, id: contentId({ common, name, modules, from: ground === 'start' && lab.break.diff }) };
  });
}

/** Where a node stands in the drawing makes no difference to it. */
const undrawn = { at: undefined };

/** Neither does it what people call a check. */
const untold = { title: undefined, control: undefined };

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
