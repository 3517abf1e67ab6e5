import { basename, resolve } from 'node:path';

import { loadOverlay } from '../load/load-configs.ts';
import type { Lab } from '../model/lab.ts';
import type { Run, RunListener } from '../model/run.ts';
import type { ConfigFile } from '../model/config-file.ts';
import type { Appliance } from './appliance.ts';
import { judge } from './check.ts';
import { withTransientNetwork } from './transient.ts';

export interface TestOptions {
  readonly labs: readonly Lab[];
  /** Folder with `<node>/etc/…` laid over the baseline; `*.j2` in it are rendered with the node's facts. */
  readonly configs?: string;
  readonly signal: AbortSignal;
  readonly listener?: RunListener;
  readonly onProgress?: (message: string) => void;
}

/** Judges a configuration headless: a network of its own, every check of the labs, and gone. */
export async function testConfiguration(
  appliance: Appliance,
  { labs, configs, signal, listener, onProgress }: TestOptions,
): Promise<Run> {
  const baseline = await appliance.baseline();
  const files =
    configs === undefined
      ? baseline
      : overlay(baseline, loadOverlay(resolve(configs), appliance.topology, appliance.plan));
  return withTransientNetwork(
    appliance,
    { purpose: 'test', nodes: nodesOf(labs), tree: (workspace) => workspace.importTree(files), signal, onProgress },
    // It came up from its files a moment ago: a restart would tell nothing new.
    ({ network }) =>
      judge(appliance, network, labs, configs === undefined ? 'baseline' : basename(resolve(configs)), {
        restart: false,
        signal,
        listener,
      }),
  );
}

/** Every node that at least one of the labs needs. */
export function nodesOf(labs: readonly Lab[]): string[] {
  return [...new Set(labs.flatMap((lab) => lab.nodes))];
}

function overlay(below: readonly ConfigFile[], above: readonly ConfigFile[]): ConfigFile[] {
  return [...new Map([...below, ...above].map((file) => [file.path, file])).values()];
}
