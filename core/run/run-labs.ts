import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Judged, LabResult, Run, RunListener } from '../model/run.ts';
import { worstVerdict } from '../model/verdict.ts';
import { drawSeed } from './draws.ts';
import { createRunFolder } from './run-folder.ts';
import { type LabOptions, runLab } from './run-lab.ts';

export interface RunOptions extends Omit<LabOptions, 'folder' | 'concurrency' | 'listener' | 'seed'> {
  /** Judged one after another, in this order: they share the network. */
  readonly labs: readonly Lab[];
  /**
   * Makes the network what the next lab is judged on, and tells what its daemons say of that; without it all
   * are judged on the network as it stands.
   */
  readonly prepare?: (lab: Lab) => Promise<readonly DaemonDiagnostic[]>;
  /** Folder below which the run gets its own. */
  readonly results: string;
  /** Name and version of the program. */
  readonly tool: string;
  /** Name of the runtime that the network runs on. */
  readonly runtime: string;
  /** Whose configuration is judged: workspace, baseline, or the folder of --configs. */
  readonly subject: string;
  readonly judged?: Judged | undefined;
  /** Must not throw; what feeds several reporters is `multiplex`. */
  readonly listener?: RunListener;
  /** How many checks of one layer may run side by side; 4 by default. */
  readonly concurrency?: number;
  /** Of an earlier run, to have the same values again; drawn when left out. */
  readonly seed?: number;
  now(): Date;
}

/**
 * Judges labs on a running network and keeps the run with its evidence. Cancelling is a normal way to
 * end: what was not tried is said so, the run is kept, and its verdict is never `pass`.
 */
export async function runLabs(options: RunOptions): Promise<Run> {
  const { labs, network, subject, judged, signal, listener = () => {}, concurrency = 4 } = options;
  const startedAt = options.now();
  const started = options.clock();
  const folder = await createRunFolder(options.results, startedAt, options.random);
  const seed = options.seed ?? drawSeed(options.random);
  listener({
    type: 'run.started',
    runId: folder.id,
    topology: network.topology,
    subject,
    folder: folder.folder,
    labs: labs.map(({ id, title, checks }) => ({ id, title, checks: checks.length })),
  });
  const said = new Map<string, DaemonDiagnostic>();
  const tell = (diagnostics: readonly DaemonDiagnostic[]): void => {
    const fresh = diagnostics.filter((it) => !said.has(JSON.stringify(it)));
    for (const it of fresh) said.set(JSON.stringify(it), it);
    if (fresh.length > 0) listener({ type: 'run.diagnosed', diagnostics: fresh });
  };

  const results: LabResult[] = [];
  for (const lab of labs) {
    if (signal.aborted) break;
    let diagnostics = options.diagnostics ?? [];
    try {
      diagnostics = (await options.prepare?.(lab)) ?? diagnostics;
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
    tell(diagnostics);
    const result = await runLab(lab, { ...options, diagnostics, folder, listener, concurrency, seed });
    results.push(result);
    listener({ type: 'lab.judged', result });
  }

  const run: Run = {
    schema: 'breakwater.run/1',
    id: folder.id,
    tool: options.tool,
    topology: network.topology,
    runtime: options.runtime,
    subject,
    ...(judged === undefined ? {} : { judged }),
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(options.clock() - started),
    interrupted: signal.aborted,
    verdict: worstVerdict([...results.map((it) => it.verdict), ...(signal.aborted ? ['inconclusive' as const] : [])]),
    diagnostics: [...said.values()],
    labs: results,
  };
  await folder.save(run);
  listener({ type: 'run.finished', run, folder: folder.folder });
  return run;
}
