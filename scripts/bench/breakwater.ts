import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { followCommand } from '#core/exec/follow.ts';
import { runCommand } from '#core/exec/command.ts';
import { type Paths, resolvePaths } from '#core/exec/paths.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import { LabError } from '#core/model/errors.ts';

/** The program as users run it, with places of its own: no network and no workspace of theirs is touched. */
export interface Breakwater {
  readonly paths: Paths;
  /** Runs a command to its end; milliseconds of the whole process. @throws LabError when it fails */
  time(args: readonly string[]): Promise<number>;
  /** The same for a command that ends with a verdict, which may be another than a pass. */
  judge(args: readonly string[]): Promise<{ ms: number; passed: boolean }>;
  /** The same, with the moments at which it said what it was doing. */
  follow(args: readonly string[]): Promise<{ ms: number; said: readonly Said[] }>;
  json(args: readonly string[]): Promise<unknown>;
  remove(): Promise<void>;
}

export interface Said {
  readonly line: string;
  readonly atMs: number;
}

/** @param ownCache also an image cache of its own, empty at first */
export async function openBreakwater(root: string, signal: AbortSignal, ownCache = false): Promise<Breakwater> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  await chmod(folder, 0o755); // Nodes run under sub-ids, which walk through it.
  const env = {
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    ...(ownCache ? { XDG_CACHE_HOME: join(folder, 'cache') } : {}),
  };
  const argv = (args: readonly string[]): string[] => [
    'env',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    join(root, 'bin', 'breakwater'),
    ...args,
  ];
  const run = async (args: readonly string[], allowed: readonly number[] = [0]) => {
    const began = performance.now();
    const { exitCode, stdout, stderr } = await runCommand(argv(args), { signal });
    if (!allowed.includes(exitCode))
      throw new LabError(
        'command-failed',
        `exit code ${exitCode}: breakwater ${args.join(' ')}\n${stdout.slice(-3000)}\n${stderr.slice(-1000)}`,
      );
    return { ms: performance.now() - began, stdout, passed: exitCode === 0 };
  };
  return {
    paths: resolvePaths({ ...process.env, ...env }),
    time: async (args) => (await run(args)).ms,
    judge: (args) => run(args, [0, 1, 3]),
    json: async (args) => JSON.parse((await run(args)).stdout) as unknown,
    follow: async (args) => {
      const said: Said[] = [];
      const began = performance.now();
      const onLine = (line: string): void => void said.push({ line: line.trim(), atMs: performance.now() - began });
      await followCommand(argv(args), { signal, onLine });
      return { ms: performance.now() - began, said };
    },
    remove: async () => {
      await runCommand(argv(['down', '--all']));
      // What is in it may belong to our sub-ids, the folder itself is ours.
      await mustRunInUserNamespace(['sh', '-c', 'find "$1"/*/ -mindepth 1 -delete', 'sh', folder]).catch(() => {}); // Nothing was there.
      await rm(folder, { recursive: true, force: true });
    },
  };
}
