import { basename, resolve } from 'node:path';

import type { Overlay } from '../model/config-file.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import { type Candidate, candidatesFor } from './candidate.ts';
import { judge } from './check.ts';
import { type Concerned, settleCandidate } from './diagnose.ts';
import { readOwnFiles } from './own-files.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import { openTransientNetwork, type TransientNetwork, withTransientNetwork } from './transient.ts';

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
export async function testConfiguration(appliance: Appliance, options: TestOptions): Promise<Run> {
  const { labs, signal, onProgress } = options;
  const subject = await subjectOf(appliance, options);
  const network = {
    purpose: 'test',
    settle: subject.settle,
    nodes: nodesOf(labs),
    tree: async (workspace: Workspace) => (await subject.candidates(workspace))(labs[0]).tree,
    signal,
    onProgress,
  };
  return withTransientNetwork(appliance, network, async (transient) => subject.judge(transient));
}

export interface TestNetworkOptions {
  /** All that are to be asked of a configuration on this network. */
  readonly labs: readonly Lab[];
  readonly signal: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** A network on which configurations are judged one after the other, each as {@link testConfiguration} does. */
export interface TestNetwork {
  /** Nodes whose files differ from the configuration before are made anew from their files, and the others forget. */
  test(options: Omit<TestOptions, 'signal' | 'onProgress'>): Promise<Run>;
  close(): Promise<void>;
}

export async function openTestNetwork(appliance: Appliance, options: TestNetworkOptions): Promise<TestNetwork> {
  const { labs, signal, onProgress } = options;
  const transient = await openTransientNetwork(appliance, {
    purpose: 'test',
    nodes: nodesOf(labs),
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
    signal,
    onProgress,
  });
  return {
    test: async (it) => (await subjectOf(appliance, { ...it, signal })).judge(transient),
    close: () => transient.close(),
  };
}

/** A configuration, and how it is laid out and judged on a network. */
interface Subject {
  candidates(workspace: Workspace): Promise<(lab: Lab | undefined) => Candidate>;
  settle(network: Network, concerned?: Concerned): Promise<void>;
  judge(transient: TransientNetwork): Promise<Run>;
}

async function subjectOf(
  appliance: Appliance,
  { labs, configs, seed, signal, listener, onProgress }: TestOptions,
): Promise<Subject> {
  const overlay: Overlay =
    configs === undefined ? { files: [], absent: [] } : await readOwnFiles(appliance, configs, { signal, onProgress });
  let laid: Promise<(lab: Lab | undefined) => Candidate> | undefined;
  const candidates: Subject['candidates'] = (workspace) =>
    (laid ??= candidatesFor(appliance, workspace, labs, overlay));
  let diagnostics: readonly DaemonDiagnostic[] | undefined;
  const settle: Subject['settle'] = async (network, concerned = {}) => {
    diagnostics = await settleCandidate(network, appliance.plan, {
      ...concerned,
      files: overlay.files,
      strict: configs === undefined,
      signal,
    });
  };
  return {
    candidates,
    settle,
    judge: async ({ network, workspace }) => {
      const ready = (nodes: readonly string[]): Promise<void> => awaitReady(network, appliance.plan, { nodes, signal });
      const ground = provingGround({ network, workspace }, ready, signal);
      const candidateOf = await candidates(workspace);
      return judge(appliance, network, labs, configs === undefined ? 'baseline' : basename(resolve(configs)), {
        // It came up from its files a moment ago: a restart would tell nothing new.
        restart: false,
        prepare: async (lab) => {
          const { nodes } = await ground.layOut(candidateOf(lab).tree, `the scene of ${lab.id}`, { fresh: true });
          // Daemons of other nodes read what they read before; yet they may have routes to those that were made anew.
          const asked = [...new Set([...nodes, ...nodesIn(overlay)])];
          if (nodes.length > 0 || diagnostics === undefined) await settle(network, { asked, awaited: lab.nodes });
          return [...candidateOf(lab).warnings, ...(diagnostics ?? [])];
        },
        ...(seed === undefined ? {} : { seed }),
        signal,
        listener,
      });
    },
  };
}

/** Nodes that somebody brought files for, or takes files from. */
function nodesIn({ files, absent }: Overlay): readonly string[] {
  return [...files, ...absent].map((it) => it.path.split('/')[0] ?? '');
}

/** Every node that at least one of the labs needs. */
export function nodesOf(labs: readonly Lab[]): string[] {
  return [...new Set(labs.flatMap((lab) => lab.nodes))];
}
