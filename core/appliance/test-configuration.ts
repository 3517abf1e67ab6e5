import { basename, resolve } from 'node:path';

import { loadOverlay } from '../load/load-configs.ts';
import { type SceneConflict, sceneConflicts } from '../workspace/scene-conflicts.ts';
import type { ConfigFile } from '../model/config-file.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { Network } from '../runtime/runtime.ts';
import type { TreeId } from '../workspace/store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import { judge } from './check.ts';
import { settleCandidate } from './diagnose.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { withTransientNetwork } from './transient.ts';
import { solutionOf } from './up.ts';

export interface TestOptions {
  readonly labs: readonly Lab[];
  /** Folder with `<node>/etc/…` laid over the scene of each lab; `*.j2` in it are rendered with the node's facts. */
  readonly configs?: string;
  /** Of an earlier run, to have the same drawn values again. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly listener?: RunListener;
  readonly onProgress?: (message: string) => void;
  /** What should be known about the files, and keeps nobody from judging them. */
  readonly onWarning?: (warning: Diagnostic) => void;
}

/**
 * Judges a configuration headless: a network of its own, every check of the labs, and gone. Each lab is
 * asked under its own circumstances: the baseline, its scene, and the candidate's files, laid out in that order.
 * @throws DiagnosticsError where files of the candidate take away what a scene brings
 */
export async function testConfiguration(
  appliance: Appliance,
  { labs, configs, seed, signal, listener, onProgress, onWarning }: TestOptions,
): Promise<Run> {
  const files = configs === undefined ? [] : loadOverlay(resolve(configs), appliance.topology, appliance.plan);
  const trees = new Map<string, TreeId>();
  const treeOf = (lab: Lab): TreeId => trees.get(lab.id) as TreeId;
  let diagnostics: readonly DaemonDiagnostic[] = [];
  const settle = async (network: Network): Promise<void> => {
    diagnostics = await settleCandidate(network, appliance.plan, { files, strict: configs === undefined, signal });
  };
  const options = {
    purpose: 'test',
    settle,
    nodes: nodesOf(labs),
    tree: async (workspace: Workspace) => {
      const { trees: candidates, conflicts } = await candidatesOf(appliance, workspace, labs, files);
      const refused = conflicts.filter((it) => !it.foreseen).map((it) => it.diagnostic);
      if (refused.length > 0) throw new DiagnosticsError(refused);
      for (const { diagnostic } of conflicts) onWarning?.(diagnostic);
      for (const [lab, tree] of candidates) trees.set(lab, tree);
      return treeOf(labs[0] as Lab);
    },
    signal,
    onProgress,
  };
  return withTransientNetwork(appliance, options, async ({ network, workspace }) => {
    const ready = (nodes: readonly string[]): Promise<void> => awaitReady(network, appliance.plan, { nodes, signal });
    const ground = provingGround({ network, workspace }, ready, signal);
    return judge(appliance, network, labs, configs === undefined ? 'baseline' : basename(resolve(configs)), {
      // It came up from its files a moment ago: a restart would tell nothing new.
      restart: false,
      prepare: async (lab) => {
        const { nodes } = await ground.layOut(treeOf(lab), `the scene of ${lab.id}`, { fresh: true });
        // Whoever was not touched has routes to those that were.
        if (nodes.length > 0) await settle(network);
        return diagnostics;
      },
      ...(seed === undefined ? {} : { seed }),
      signal,
      listener,
    });
  });
}

/** Every node that at least one of the labs needs. */
export function nodesOf(labs: readonly Lab[]): string[] {
  return [...new Set(labs.flatMap((lab) => lab.nodes))];
}

/** What each lab is judged on, by its id, and where the candidate's files are at odds with a scene. */
async function candidatesOf(
  appliance: Appliance,
  workspace: Workspace,
  labs: readonly Lab[],
  files: readonly ConfigFile[],
) {
  const baseline = await workspace.importTree(await appliance.baseline());
  const trees = new Map<string, TreeId>();
  const conflicts: SceneConflict[] = [];
  for (const lab of labs) {
    const solution = await solutionOf(workspace, baseline, lab);
    const scene = await Promise.all(
      (lab.scene?.paths ?? [])
        .filter((path) => files.some((it) => it.path === path))
        .map(async (path) => ({
          path,
          before: await workspace.readFileOf(baseline, path),
          after: await workspace.readFileOf(solution, path),
        })),
    );
    conflicts.push(...sceneConflicts(lab, scene, files));
    trees.set(lab.id, files.length === 0 ? solution : await workspace.importTree(files, solution));
  }
  return { trees, conflicts };
}
