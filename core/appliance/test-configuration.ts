import { basename, resolve } from 'node:path';

import { loadOverlay } from '../load/load-configs.ts';
import type { Overlay } from '../model/config-file.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import { type Candidate, candidatesFor } from './candidate.ts';
import { judge } from './check.ts';
import { settleCandidate } from './diagnose.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { withTransientNetwork } from './transient.ts';

export interface TestOptions {
  readonly labs: readonly Lab[];
  /**
   * Folder with `<node>/etc/…` laid over the scene of each lab; `*.j2` in it are rendered with the node's facts,
   * and `absent.txt` lists files that are not there.
   */
  readonly configs?: string;
  /** Of an earlier run, to have the same drawn values again. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly listener?: RunListener;
  readonly onProgress?: (message: string) => void;
}

/**
 * Judges a configuration headless: a network of its own, every check of the labs, and gone. Each lab is
 * asked under its own circumstances: the baseline, its scene, and the candidate's files, laid out in that order.
 * @throws DiagnosticsError where files of the candidate take away what a scene brings
 */
export async function testConfiguration(
  appliance: Appliance,
  { labs, configs, seed, signal, listener, onProgress }: TestOptions,
): Promise<Run> {
  const overlay: Overlay =
    configs === undefined
      ? { files: [], absent: [] }
      : loadOverlay(resolve(configs), appliance.topology, appliance.plan);
  let candidates: ReadonlyMap<string, Candidate> = new Map();
  const candidateOf = (lab: Lab | undefined): Candidate => candidates.get(lab?.id ?? '') as Candidate;
  let diagnostics: readonly DaemonDiagnostic[] = [];
  const settle = async (network: Network): Promise<void> => {
    diagnostics = await settleCandidate(network, appliance.plan, {
      files: overlay.files,
      strict: configs === undefined,
      signal,
    });
  };
  const options = {
    purpose: 'test',
    settle,
    nodes: nodesOf(labs),
    tree: async (workspace: Workspace) => {
      candidates = await candidatesFor(appliance, workspace, labs, overlay);
      return candidateOf(labs[0]).tree;
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
        const { nodes } = await ground.layOut(candidateOf(lab).tree, `the scene of ${lab.id}`, { fresh: true });
        // Whoever was not touched has routes to those that were.
        if (nodes.length > 0) await settle(network);
        return [...candidateOf(lab).warnings, ...diagnostics];
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
