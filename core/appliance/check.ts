import { randomBytes } from 'node:crypto';

import { forgetClients } from '../daemons/forget.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import { LabError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { Judged, Run, RunListener } from '../model/run.ts';
import { probes } from '../probes/registry.ts';
import { runLabs } from '../run/run-labs.ts';
import type { Network } from '../runtime/runtime.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { attach } from './attach.ts';
import { diagnose, editedNodes } from './diagnose.ts';
import { occupying } from './occupy.ts';
import { notePassed } from './progress.ts';
import { awaitReady } from './ready.ts';

export interface CheckOptions {
  readonly labs?: readonly Lab[];
  /** After a pass, restart the nodes from their files and look again. */
  readonly restart: boolean;
  /** Of an earlier run, to have the same drawn values again. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly listener?: RunListener | undefined;
}

export interface JudgeOptions extends CheckOptions {
  /** Of a network with a workspace. */
  readonly judged?: Judged;
  /** Name of the network that stays when the run is over. */
  readonly commandsOn?: string;
  /** Makes the network what the next lab is judged on, and tells what its daemons say of that. */
  readonly prepare?: (lab: Lab) => Promise<readonly DaemonDiagnostic[]>;
  /** What the daemons of the network say of their files, where nothing is prepared. */
  readonly diagnostics?: readonly DaemonDiagnostic[];
}

/** Checks a running network: the lab that it is at, or the labs named. Keeps a snapshot of the configuration judged. */
export function check(appliance: Appliance, name: string, options: CheckOptions): Promise<Run> {
  const { signal, listener } = options;
  const onProgress = (message: string): void => listener?.({ type: 'progress', message });
  return occupying(appliance, name, { what: 'check', signal, onProgress }, () => checkAlone(appliance, name, options));
}

async function checkAlone(appliance: Appliance, name: string, options: CheckOptions): Promise<Run> {
  const { network, workspace, lab } = await attach(appliance, name);
  const labs = options.labs ?? (lab === undefined ? [...appliance.labs.values()] : [lab]);
  requireNodes(network, labs);
  const [diagnostics] = await Promise.all([
    diagnose(network, { nodes: await editedNodes(workspace), signal: options.signal }),
    workspace.snapshot(`checked ${labs.map((it) => it.id).join(', ')}`),
  ]);
  const judged = { tree: await workspace.current(), network: network.startedAt };
  const run = await judge(appliance, network, labs, 'workspace', { ...options, diagnostics, judged, commandsOn: name });
  await notePassed(appliance, run);
  return run;
}

/** Judges labs on any network. Waiting after the restart is shorter than at deployment: what does not come back is the finding. */
export async function judge(
  appliance: Appliance,
  network: Network,
  labs: readonly Lab[],
  subject: string,
  { restart, prepare, seed, judged, commandsOn, signal, listener, diagnostics }: JudgeOptions,
): Promise<Run> {
  return runLabs({
    labs,
    network,
    plan: appliance.plan,
    probes,
    results: resultsFolder(appliance),
    tool: `breakwater ${appliance.version}`,
    runtime: appliance.runtime.name,
    subject,
    judged,
    commandsOn,
    ...(seed === undefined ? {} : { seed }),
    signal,
    listener,
    prepare: async (lab) => {
      const said = (await prepare?.(lab)) ?? diagnostics ?? [];
      await forgetClients(network, lab.nodes, signal);
      return said;
    },
    ...(restart
      ? {
          restart: {
            ready: (_nodes, aborted) => awaitReady(network, appliance.plan, { seconds: 20, signal: aborted }),
          },
        }
      : {}),
    now: () => new Date(),
    clock: () => performance.now(),
    random: randomBytes,
  });
}

function requireNodes(network: Network, labs: readonly Lab[]): void {
  for (const lab of labs) {
    const missing = lab.nodes.filter((node) => !network.nodes.includes(node));
    if (missing.length > 0)
      throw new LabError('usage', `${network.name} runs without ${missing.join(', ')}, which ${lab.id} needs`, {
        hint: `breakwater up ${lab.id}`,
      });
  }
}
