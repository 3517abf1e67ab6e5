import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { productFolder } from '../exec/paths.ts';
import { loadControls, loadSoundControls } from '../load/load-controls.ts';
import { loadLab } from '../load/load-lab.ts';
import { loadPatch, type PatchContext } from '../load/load-patch.ts';
import { loadPlan } from '../load/load-plan.ts';
import { loadTopology } from '../load/load-topology.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError, LabError } from '../model/errors.ts';
import { probes } from '../probes/registry.ts';

export interface ValidateOptions {
  /** Reads a folder of configurations and renders its templates, for which alone an appliance is needed. @throws DiagnosticsError */
  readonly readOwnFiles: (folder: string) => Promise<unknown>;
}

/**
 * Reads each file by what its name says it is, against the reference topology, and collects every complaint.
 * Templates of a folder of configurations are rendered, for which the node image is built where it is not there.
 */
export async function validateFiles(
  files: readonly string[],
  { readOwnFiles }: ValidateOptions,
): Promise<Diagnostic[]> {
  const topologyFolder = join(productFolder(), 'topologies', 'isp');
  const topology = loadTopology(join(topologyFolder, 'isp.clab.yml'));
  const plan = loadPlan(join(topologyFolder, 'plan.yml'), topology);
  const { controls } = loadSoundControls(join(productFolder(), 'labs', 'controls.yml')).catalogue;
  const context = { topology, plan, probes, controls };

  const load = async (file: string): Promise<void> => {
    const path = resolve(file);
    const name = basename(path);
    if (!existsSync(path)) throw new LabError('usage', `${file} does not exist`);
    if (name.endsWith('.clab.yml')) loadTopology(path);
    else if (name === 'plan.yml') loadPlan(path, topologyBeside(path) ?? topology);
    else if (name === 'controls.yml') loadControls(path);
    else if (name === 'lab.yml') loadLab(dirname(path), context);
    else if (name.endsWith('.patch')) loadPatch(path, { kind: patchKind(path), nodes: [...topology.nodes.keys()] });
    else if (existsSync(join(path, 'lab.yml'))) loadLab(path, context);
    else if (statSync(path).isDirectory()) await readOwnFiles(path);
    else
      throw new LabError('usage', `${file} is nothing that breakwater reads`, {
        hint: 'lab.yml, *.clab.yml, plan.yml, controls.yml, *.patch, a lab folder, or a folder of configurations',
      });
  };

  const found: Diagnostic[] = [];
  for (const file of files) {
    try {
      await load(file);
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      found.push(...error.diagnostics);
    }
  }
  return found;
}

function topologyBeside(plan: string): ReturnType<typeof loadTopology> | undefined {
  const file = join(dirname(plan), `${basename(dirname(plan))}.clab.yml`);
  return existsSync(file) ? loadTopology(file) : undefined;
}

/** By the folder it lies in, and the scene by its name; a patch that lies elsewhere is read as a break. */
function patchKind(path: string): PatchContext['kind'] {
  if (basename(path) === 'scene.patch') return 'scene';
  const folder = basename(dirname(path));
  return folder === 'accept' || folder === 'reject' ? folder : 'break';
}
