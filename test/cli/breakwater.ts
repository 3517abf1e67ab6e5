import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from '#core/exec/command.ts';
import { productFolder } from '#core/exec/paths.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';

/** A place of its own for state and running networks; the image cache is shared, because building takes a minute. */
export interface Home {
  readonly folder: string;
  readonly state: string;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the program to its end, as a script would. */
  run(...args: string[]): Promise<Ended>;
  /** Runs a line of bash, in which `breakwater` is the program, with `pipefail` off: PIPESTATUS tells of each. */
  bash(line: string): Promise<Ended>;
  /** Starts it in a process group of its own, as a shell does. */
  start(...args: string[]): ChildProcess;
  /** Ids of the processes that have to do with this place: started from it, or inside a sandbox of it. */
  processes(): number[];
  remove(): Promise<void>;
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const program = join(productFolder(), 'dist', 'breakwater.mjs');

export async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-home-'));
  // When root runs the tests, sub-ids have to walk through here.
  await chmod(folder, 0o755);
  const env = { XDG_STATE_HOME: join(folder, 'state'), XDG_RUNTIME_DIR: join(folder, 'run'), NO_COLOR: '1' };
  const run = (...args: string[]): Promise<Ended> => runCommand([process.execPath, program, ...args], { env });
  return {
    folder,
    env,
    bash: (line) =>
      runCommand(['bash', '-c', `breakwater() { "${process.execPath}" "${program}" "$@"; }\n${line}`], { env }),
    state: join(folder, 'state', 'breakwater'),
    runtime: join(folder, 'run', 'breakwater'),
    run,
    start: (...args) =>
      spawn(process.execPath, [program, ...args], {
        env: { ...process.env, ...env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    processes: () => processesOf(folder),
    remove: async () => {
      await run('down', '--all');
      await mustRunInUserNamespace(['find', folder, '-mindepth', '1', '-delete'], { cwd: '/' }).catch(() => {}); // What is ours alone, sub-ids may not delete.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** By environment, by arguments, and by mounts: an overlay names the folder that it writes to. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['environ', 'cmdline', 'mountinfo'].some((file) => read(`/proc/${pid}/${file}`).includes(folder)))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It has ended, or is another user's.
  }
}
