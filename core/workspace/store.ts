import { runInUserNamespace } from '../exec/user-namespace.ts';
import type { CommandResult } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import { confined } from './confine.ts';
import { exitCode } from './exit-code.ts';
import { workingTree } from './working-tree.ts';

/** A tree in the store: forty hexadecimal digits that name a whole configuration by its content. */
export type TreeId = string;

export interface Store {
  /** Holds `store.git`, `configs`, `scratch` and `lock`. */
  readonly folder: string;
}

export interface StoreOptions {
  readonly input?: string | Buffer;
  /** Exit codes that the caller understands; any other than 0 throws. */
  readonly expected?: readonly number[];
}

const lockWaitSeconds = 30;
const timeoutMs = 120_000;

/**
 * Reads the store by one git command, without the lock: what is in the store never changes. All of it
 * runs as root of the user namespace, since files that a daemon saved in a node belong to a sub-id
 * and are neither readable nor writable for the user's own processes.
 */
export async function readStore(
  store: Store,
  args: readonly string[],
  options: StoreOptions = {},
): Promise<CommandResult> {
  return run(store, `git ${args[0]}`, ['git', ...args], options);
}

/** Runs a bash script in the working tree, without the lock. */
export async function readWorkingTree(
  store: Store,
  script: string,
  args: readonly string[],
  options: StoreOptions = {},
): Promise<CommandResult> {
  return run(store, 'reading the workspace', bash(`cd configs\n${script}`, args), options);
}

/**
 * Runs a bash script in the working tree as one process tree that holds the lock: the kernel gives
 * the lock back when the last process of the tree is dead, so whatever a killed one left (lock files
 * of git, scratch) is known to be nobody's when the next one starts, and is cleared then.
 */
export async function changeStore(
  store: Store,
  what: string,
  script: string,
  args: readonly string[],
  options: StoreOptions = {},
): Promise<CommandResult> {
  return run(store, what, bash(`${lock}\ncd configs\n${script}`, args), options);
}

/** Like {@link changeStore}, in the folder itself: `store.git` and `configs` may not be there yet. */
export async function createStore(store: Store, script: string, args: readonly string[]): Promise<CommandResult> {
  return run(store, 'opening the workspace', bash(`${lock}\n${script}`, args), {});
}

async function run(store: Store, what: string, argv: readonly string[], options: StoreOptions): Promise<CommandResult> {
  const result = await runInUserNamespace(confined(store.folder, ['-i', ...environment(store), ...argv]), {
    timeoutMs,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  if (result.exitCode === 0 || options.expected?.includes(result.exitCode)) return result;
  if (result.exitCode === exitCode.busy) {
    throw new LabError('workspace', `another command has been working on ${store.folder} for ${lockWaitSeconds} s`, {
      hint: `see which one: fuser -v ${store.folder}/lock`,
    });
  }
  const said = result.stderr.trim().split('\n').slice(-6).join('\n');
  throw new LabError('workspace', `${what} failed in ${store.folder}: ${said || `exit code ${result.exitCode}`}`, {
    hint: `nothing was lost; see who owns what: ls -lnR ${store.folder}/configs`,
  });
}

function bash(script: string, args: readonly string[]): readonly string[] {
  return [
    'bash',
    '-c',
    `set -euo pipefail\numask 022\nscratch=$PWD/scratch\n${workingTree}\n${script}`,
    'workspace',
    ...args,
  ];
}

const lock = `
exec 9>>lock
flock --wait ${lockWaitSeconds} 9 || exit ${exitCode.busy}
# Ctrl-C reaches us as well. What takes a few hundredths of a second is finished rather than left half done.
trap '' HUP INT TERM
shopt -s globstar nullglob
rm -rf "$scratch" store.git/*.lock store.git/refs/**/*.lock
shopt -u globstar nullglob
mkdir -p "$scratch/files"
`;

/**
 * The whole environment of git: nothing of the user's own configuration, hooks or attributes takes
 * part, and what a trainee wrote is kept byte for byte (git-config(1)).
 */
function environment(store: Store): readonly string[] {
  const settings = Object.entries(gitSettings);
  return [
    `PATH=${process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
    'HOME=/nonexistent',
    'LC_ALL=C',
    'TZ=UTC',
    `GIT_DIR=${store.folder}/store.git`,
    `GIT_WORK_TREE=${store.folder}/configs`,
    'GIT_CONFIG_NOSYSTEM=1',
    'GIT_CONFIG_GLOBAL=/dev/null',
    'GIT_ATTR_NOSYSTEM=1',
    'GIT_TERMINAL_PROMPT=0',
    'GIT_AUTHOR_NAME=Breakwater',
    'GIT_AUTHOR_EMAIL=breakwater@localhost',
    'GIT_COMMITTER_NAME=Breakwater',
    'GIT_COMMITTER_EMAIL=breakwater@localhost',
    `GIT_CONFIG_COUNT=${settings.length}`,
    ...settings.flatMap(([key, value], index) => [
      `GIT_CONFIG_KEY_${index}=${key}`,
      `GIT_CONFIG_VALUE_${index}=${value}`,
    ]),
  ];
}

const gitSettings: Readonly<Record<string, string>> = {
  'core.autocrlf': 'false',
  'core.fileMode': 'true',
  'core.symlinks': 'true',
  'core.hooksPath': '/dev/null',
  // Programs that a store's own configuration could name, were it not for these (git-config(1)).
  'core.fsmonitor': 'false',
  'commit.gpgSign': 'false',
  // Names that other systems reserve are good names in /etc: dev-\x2d.device.
  'core.protectHFS': 'false',
  'core.protectNTFS': 'false',
  // Old configurations are what this store is for.
  'gc.auto': '0',
  'maintenance.auto': 'false',
};
