import { join } from 'node:path';

import { type Paths, productFolder, resolvePaths } from '../exec/paths.ts';
import { type BuildOptions, buildImage } from '../image/build.ts';
import { readRecipe, type Recipe, suiteNamed } from '../image/recipe.ts';
import { type Image, type ImageStore, requireImage } from '../image/store.ts';
import { loadConfigs } from '../load/load-configs.ts';
import { loadSoundControls } from '../load/load-controls.ts';
import { type BrokenLab, labIdsIn, loadAllLabs, loadLab } from '../load/load-lab.ts';
import { loadPlan } from '../load/load-plan.ts';
import { loadTopology } from '../load/load-topology.ts';
import { nearSpelling } from '../load/near-spelling.ts';
import type { Control, Statement } from '../model/control.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Topology } from '../model/topology.ts';
import { probes } from '../probes/registry.ts';
import { rootlessRuntime } from '../runtime/rootless/runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ConfigFile } from '../model/config-file.ts';

/**
 * Everything the appliance has at hand, read once. The command line and the window are two callers of
 * the requests in this folder; each request takes the appliance first.
 */
export interface Appliance {
  readonly version: string;
  readonly paths: Paths;
  readonly product: string;
  readonly store: ImageStore;
  readonly recipe: Recipe;
  readonly runtime: Runtime;
  readonly topology: Topology;
  readonly plan: Plan;
  readonly controls: readonly Control[];
  /** What both documents say, each with its control. */
  readonly statements: readonly Statement[];
  /** What is wrong with rows of the catalogue; those are not among `controls` and `statements`. */
  readonly brokenRows: readonly Diagnostic[];
  /** The ids of all labs of the topology, sound or not. */
  readonly labIds: readonly string[];
  /** One of them, without the others being read. @throws DiagnosticsError for one that cannot be used */
  lab(id: string): Lab;
  /** All sound labs of the topology, by id. */
  readonly labs: ReadonlyMap<string, Lab>;
  /** Labs that cannot be used, each with its complaints. */
  readonly brokenLabs: readonly BrokenLab[];
  /** The files of the hardened baseline. */
  baseline(): Promise<readonly ConfigFile[]>;
  image(options?: BuildOptions): Promise<Image>;
}

/** Files are read when first asked for. A fault in a lab or in a row of the catalogue is theirs alone; one in topology or plan is everybody's. @throws DiagnosticsError then. */
export async function openAppliance(version: string): Promise<Appliance> {
  // Nodes run under sub-ids and read what we write for them; root may have been given a tighter mask.
  process.umask(0o022);
  const paths = resolvePaths();
  const product = productFolder();
  const recipe = await readRecipe(join(product, 'image'), suiteNamed(process.env['BREAKWATER_SUITE']));
  const store = { folder: paths.cache };
  const topologyFolder = join(product, 'topologies', 'isp');
  const labsFolder = join(product, 'labs');
  const topology = once(() => loadTopology(join(topologyFolder, 'isp.clab.yml')));
  const plan = once(() => loadPlan(join(topologyFolder, 'plan.yml'), topology()));
  const catalogue = once(() => loadSoundControls(join(labsFolder, 'controls.yml')));
  const context = once(() => ({ topology: topology(), plan: plan(), probes }));
  const allLabs = once(() => loadAllLabs(labsFolder, context()));
  const labs = once(() => new Map(allLabs().labs.map((lab) => [lab.id, lab])));
  const labIds = once(() => labIdsIn(labsFolder));
  const alone = new Map<string, Lab>();
  return {
    version,
    paths,
    product,
    store,
    recipe,
    get topology() {
      return topology();
    },
    get plan() {
      return plan();
    },
    get controls() {
      return catalogue().catalogue.controls;
    },
    get statements() {
      return catalogue().catalogue.statements;
    },
    get brokenRows() {
      return catalogue().diagnostics;
    },
    get labIds() {
      return labIds();
    },
    lab: (id) => {
      const lab = alone.get(id) ?? loadLab(join(labsFolder, id), context());
      alone.set(id, lab);
      return lab;
    },
    get labs() {
      return labs();
    },
    get brokenLabs() {
      return allLabs().broken;
    },
    runtime: rootlessRuntime({
      runtimeFolder: paths.runtime,
      image: async () => requireImage(store, recipe),
      loadTopology: async (file) => loadTopology(file),
    }),
    baseline: async () => loadConfigs(join(topologyFolder, 'configs'), topology()),
    image: (options) => buildImage(store, recipe, options),
  };
}

function once<T>(read: () => T): () => T {
  let value: { is: T } | undefined;
  return () => (value ??= { is: read() }).is;
}

/** The lab of that id, or an error that says which ids there are. A bare name is enough where it is the only one. @throws DiagnosticsError for a broken one */
export function requireLab(appliance: Appliance, id: string): Lab {
  const { labIds } = appliance;
  const known = labIds.find((it) => it === id) ?? onlyMatch(labIds.filter((it) => it.endsWith(`/${id}`)));
  if (known !== undefined) return appliance.lab(known);
  const near = nearSpelling(id, labIds) ?? nearName(id, labIds);
  throw new LabError('unknown-name', `there is no lab ${id}${near === undefined ? '' : `; did you mean ${near}?`}`, {
    hint: 'breakwater labs',
  });
}

/** The lab whose name without its area is close. */
function nearName(name: string, ids: readonly string[]): string | undefined {
  const nameOf = (id: string): string => id.replace(/^.*\//, '');
  const near = nearSpelling(name, ids.map(nameOf));
  return ids.find((id) => nameOf(id) === near);
}

/** Folder of a network's workspace: `configs/` and what keeps them. */
export function workspaceFolder(appliance: Appliance, network: string): string {
  return join(appliance.paths.state, 'workspaces', network);
}

export function resultsFolder(appliance: Appliance): string {
  return join(appliance.paths.state, 'results');
}

function onlyMatch<T>(matches: readonly T[]): T | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}
