import { setMaxListeners } from 'node:events';

import { daemons } from '../daemons/all.ts';
import { askDaemons } from '../daemons/ask.ts';
import type { ConfigFile } from '../model/config-file.ts';
import { type DaemonDiagnostic, formatDaemonDiagnostic, refusalsIn } from '../model/daemon-diagnostic.ts';
import { isLabError, LabError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';
import type { TreeId } from '../workspace/store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { awaitReady } from './ready.ts';

export interface DiagnoseOptions {
  /** Nodes whose daemons are asked; all without. */
  readonly nodes?: readonly string[];
  /** The files that were laid out, where some of them were rendered from templates. */
  readonly files?: readonly ConfigFile[];
  readonly signal?: AbortSignal | undefined;
}

/** Nodes whose files are neither as the lab laid them out nor as the solution has them: whose they are, a trainee's, may be refused. */
export async function editedNodes(workspace: Workspace): Promise<readonly string[]> {
  const begun = await workspace.start();
  if (begun === undefined) return [];
  const current = await workspace.current();
  const differing = async (from: TreeId): Promise<readonly string[]> =>
    (await workspace.changes(from, current)).map((it) => it.path);
  const [fromStart, fromSolution] = await Promise.all([differing(begun.start), differing(begun.solution)]);
  const own = fromStart.filter((path) => fromSolution.includes(path));
  return [...new Set(own.map((path) => path.split('/')[0] ?? ''))];
}

/** What the daemons of a running network say of their files, refusals first. */
export async function diagnose(
  network: Network,
  { nodes = network.nodes, files = [], signal }: DiagnoseOptions,
): Promise<readonly DaemonDiagnostic[]> {
  const asked = nodes.filter((it) => network.nodes.includes(it));
  const said = await askDaemons(network, asked, daemons, signal);
  const origins = new Map(files.map((it) => [it.path, it]));
  return said.map((it) => asAuthored(it, origins)).toSorted((a, b) => order[a.severity] - order[b.severity]);
}

const order = { down: 0, refused: 1, warning: 2 } as const;

/** Nodes that a configuration concerns; all of the network where they are left out. */
export interface Concerned {
  /** Whose daemons are asked. */
  readonly asked?: readonly string[];
  /** Which have to serve. */
  readonly awaited?: readonly string[];
}

/**
 * Waits until a configuration that somebody brought serves, and asks its daemons meanwhile: nobody waits for
 * a daemon that is down. What is not complete in the end is what the configuration does, and the checks say
 * what comes of it; it is noted and does not end anything, unless nobody brought it: then `strict`.
 */
export async function settleCandidate(
  network: Network,
  plan: Plan,
  {
    files,
    strict = false,
    asked = network.nodes,
    awaited = network.nodes,
    signal,
  }: Pick<DiagnoseOptions, 'files' | 'signal'> & Concerned & { readonly strict?: boolean },
): Promise<readonly DaemonDiagnostic[]> {
  const notes: DaemonDiagnostic[] = [];
  const note = ({ node, message }: { node: string; message: string }): void => {
    notes.push({ node, severity: 'warning', message });
  };
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
  // Every command on every node listens to it.
  setMaxListeners(0, either);
  const first = awaitReady(network, plan, { nodes: awaited, signal: either, onNote: note }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const found = await diagnose(network, { nodes: asked, signal, ...(files === undefined ? {} : { files }) }).catch(
    async (error: unknown) => {
      stop.abort();
      await first;
      throw error;
    },
  );
  const own = new Set((files ?? []).map((it) => it.path.split('/')[0]));
  // Of what is not the candidate's, warnings are nothing to them.
  const telling = found.filter((it) => it.severity !== 'warning' || own.has(it.node));
  const down = downIn(found);
  if (down.size > 0) stop.abort();
  const failure = await first;
  const second =
    failure !== undefined && down.size > 0 && signal?.aborted !== true
      ? await awaitReady(network, plan, { nodes: awaited, down, signal, onNote: note, seconds: 15 }).then(
          () => undefined,
          (error: unknown) => error,
        )
      : failure;
  signal?.throwIfAborted();
  if (second === undefined) return [...telling, ...notes];
  if (strict || !isLabError(second) || second.code !== 'not-ready') throw second;
  return [...telling, ...notes, ...unready(second.message)];
}

/** An error of laying files out or of waiting for them, with what the daemons of those nodes did not take before it. */
export async function explain(
  error: unknown,
  network: Network,
  options: Pick<DiagnoseOptions, 'nodes' | 'signal'>,
): Promise<unknown> {
  if (!isLabError(error) || (error.code !== 'command-failed' && error.code !== 'not-ready')) return error;
  const refusals = refusalsIn(await diagnose(network, options).catch(() => []));
  if (refusals.length === 0) return error;
  return new LabError(error.code, [...refusals.map(formatDaemonDiagnostic), error.message].join('\n'), {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** Services that do not run, by node. */
function downIn(found: readonly DaemonDiagnostic[]): ReadonlyMap<string, readonly string[]> {
  const down = new Map<string, string[]>();
  for (const { node, daemon, severity } of found) {
    if (severity !== 'down' || node === undefined) continue;
    const { service = daemon } = daemons.find((it) => it.name === daemon) ?? {};
    if (service !== undefined) down.set(node, [...(down.get(node) ?? []), service]);
  }
  return down;
}

/** `br1: BGP session with 192.0.2.50 is Idle`, a line each, behind a first line. */
function unready(message: string): readonly DaemonDiagnostic[] {
  return message.split('\n').flatMap((line) => {
    const [, node, words] = /^ {2}([a-z][a-z0-9-]*): (.+)$/.exec(line) ?? [];
    return words === undefined ? [] : [{ node, severity: 'warning' as const, message: `not ready: ${words}` }];
  });
}

/** At the line of the template that a file was rendered from. */
function asAuthored(said: DaemonDiagnostic, origins: ReadonlyMap<string, ConfigFile>): DaemonDiagnostic {
  const template = said.file === undefined ? undefined : origins.get(said.file)?.template;
  if (template === undefined) return said;
  const { line, column: _, ...rest } = said;
  const rendered = line === undefined ? '' : ` (line ${line} of what it renders to)`;
  const origin = line === undefined ? undefined : template.lines?.[line - 1];
  return {
    ...rest,
    file: origin?.path ?? template.path,
    ...(origin === undefined ? {} : { line: origin.line }),
    message: `${said.message}${rendered}`,
  };
}
