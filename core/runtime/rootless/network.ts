import { join } from 'node:path';

import { type CommandResult, launchCommand, mustRun } from '../../exec/command.ts';
import { quote } from '../../exec/quote.ts';
import { spawnTied, type TiedProcess } from '../../exec/tied-process.ts';
import type { Image } from '../../image/store.ts';
import { LabError } from '../../model/errors.ts';
import type { Topology } from '../../model/topology.ts';
import type { ExecOptions, Network, Node, NodeProcess, SpawnOptions } from '../runtime.ts';
import { enterSandbox, removeSandbox, type SandboxState } from './sandbox.ts';
import { restartScript, type SandboxFolders } from './script.ts';

export interface RootlessNetworkParts {
  readonly state: SandboxState;
  readonly folders: SandboxFolders;
  readonly topology: Topology;
  readonly image: Image;
  /** Tells the sandbox to outlive us; does nothing where it already does. */
  readonly keep: () => Promise<void>;
}

/** A running sandbox, from the process that made it or from any later one. */
export function rootlessNetwork({ state, folders, topology, image, keep }: RootlessNetworkParts): Network {
  const holder = state.holder;
  if (holder === undefined) throw new LabError('lab-not-running', `${state.name} has no holder`);
  const enter = enterSandbox(holder.pid);
  const nodes = new Map(state.nodes.map((name) => [name, rootlessNode(name, enter, join(folders.inside, 'crun'))]));

  const running = async (signal?: AbortSignal): Promise<readonly string[]> => {
    const { stdout } = await mustRun([...enter, 'crun', '--root', join(folders.inside, 'crun'), 'list'], {
      timeoutMs: 10_000,
      signal,
    });
    return runningIn(stdout);
  };

  const begin = async (
    names: readonly string[],
    signal: AbortSignal | undefined,
    { blank = false } = {},
  ): Promise<void> => {
    if (names.length === 0) return;
    const up = await running(signal);
    const concerned = withNeighboursOfDead(topology, names, up);
    const script = restartScript(topology, image, folders, concerned, {
      blank: blank ? names : [],
      dead: concerned.filter((it) => !up.includes(it)),
    });
    await mustRun([...enter, 'sh', '-c', script], { timeoutMs: 60_000, signal });
  };

  return {
    name: state.name,
    topology: state.topology,
    topologyFile: state.topologyFile,
    nodes: state.nodes,
    configs: state.configs,
    startedAt: state.startedAt,
    keep,
    node: (name) => {
      const node = nodes.get(name);
      if (node === undefined)
        throw new LabError('unknown-name', `${state.name} has no node ${name}`, {
          hint: `one of ${state.nodes.join(' ')}`,
        });
      return node;
    },
    running,
    restart: (names, signal) => begin(names, signal),
    recreate: (names, signal) => begin(names, signal, { blank: true }),
    collectEdits: async () => {
      await mustRun([...enter, 'sh', '-c', collectScript(state, folders)], { timeoutMs: 20_000 });
    },
    destroy: () => removeSandbox(folders, state),
  };
}

/** The nodes, and those whose links went with one of them that is dead; they may be dead themselves. */
function withNeighboursOfDead({ links }: Topology, names: readonly string[], up: readonly string[]): readonly string[] {
  const concerned = new Set(names);
  // What is added on the way is looked at as well (ECMA-262, Set iteration).
  for (const name of concerned)
    for (const { a, b } of up.includes(name) ? [] : links) {
      if (a.node === name) concerned.add(b.node);
      if (b.node === name) concerned.add(a.node);
    }
  return [...concerned];
}

/** Names of the containers that run, from the table that `crun list` prints (crun(1)). */
function runningIn(table: string): string[] {
  const rows = table.split('\n').map((line) => line.split(/\s+/));
  return rows.flatMap(([name = '', , status]) => (status === 'running' ? [name] : []));
}

/** Looks, with shell builtins alone, for linked files that a program replaced by saving with rename; only those nodes are entered. */
function collectScript(state: SandboxState, folders: SandboxFolders): string {
  return `for node in ${state.nodes.join(' ')}; do
  for file in ${quote(state.configs)}/$node/etc/*; do
    there=${quote(folders.inside)}/$node/disk/upper/etc/\${file##*/}
    if [ -f "$file" ] && [ -f "$there" ] && [ ! -L "$there" ]; then
      crun --root ${quote(`${folders.inside}/crun`)} exec $node /usr/lib/breakwater/collect-edits </dev/null; break
    fi
  done
done`;
}

function rootlessNode(name: string, enter: readonly string[], crunRoot: string): Node {
  const crun = (...rest: string[]): string[] => [...enter, 'crun', '--root', crunRoot, 'exec', ...rest];
  return {
    name,
    exec: (argv: readonly string[], { input, timeoutMs, signal }: ExecOptions = {}): Promise<CommandResult> =>
      launchCommand(crun(name, ...findable(argv)), { input, timeoutMs, signal }).then((result) => ({
        ...result,
        argv,
      })),
    spawn: (argv: readonly string[], { signal, undo, onStdout }: SpawnOptions = {}): NodeProcess =>
      nodeProcess(
        spawnTied(crun(name, '/usr/lib/breakwater/tether', ...(undo === undefined ? [] : [undo]), '--', ...argv), {
          signal,
          onStdout,
          // Ctrl-C in our terminal is for us: we end it, and its undo is run.
          launched: true,
        }),
      ),
    shell: (argv = ['/bin/bash', '-l']) => crun(name, '/usr/lib/breakwater/terminal', ...argv),
  };
}

/** By way of env(1), which says 127 of a command that is not there, as a shell does; crun says 255. */
function findable(argv: readonly string[]): readonly string[] {
  return ['/usr/bin/env', '--', ...argv];
}

function nodeProcess({ waitFor, stdout, stderr, stop, ended }: TiedProcess): NodeProcess {
  return { waitFor, stdout, stderr, stop, ended };
}
