import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

import { childOf, identify, isAlive, killAll, startTimeOf } from '../../exec/process-table.ts';
import type { SandboxFolders } from './script.ts';

const Identity = z.strictObject({ pid: z.number().int(), startTime: z.string() });

/**
 * What other processes need to find a running network: `<runtime>/<name>/state.json`. The holder is
 * PID 1 of the sandbox seen from outside; its start time tells it from a later process of that number.
 */
export const SandboxState = z.strictObject({
  schema: z.literal('breakwater.sandbox/1'),
  name: z.string(),
  topology: z.string(),
  topologyFile: z.string(),
  nodes: z.array(z.string()),
  configs: z.string(),
  startedAt: z.string(),
  image: z.string(),
  layers: z.array(z.string()),
  /** Outlives the process that made it. */
  kept: z.boolean(),
  /** The process that makes it; until it is kept, the sandbox dies with this. */
  owner: Identity,
  /** `unshare`, which holds the sandbox from outside. */
  keeper: Identity.optional(),
  holder: Identity.optional(),
});
export type SandboxState = z.infer<typeof SandboxState>;

export function sandboxFolders(runtimeFolder: string, name: string): SandboxFolders {
  const home = join(runtimeFolder, name);
  return { home, inside: join(home, 'inside') };
}

/** The state as last written, or undefined when there is none or it is not ours to read. */
export async function readState(folders: SandboxFolders): Promise<SandboxState | undefined> {
  const text = await readFile(join(folders.home, stateFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return SandboxState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Not JSON: a file of another version, and not ours to judge.
  }
}

export async function writeState(folders: SandboxFolders, state: SandboxState): Promise<void> {
  await writeFileAtomic(join(folders.home, stateFile), stateText(state));
}

/**
 * Takes the name: the folder appears by rename with its state in it, so that of two processes at once
 * one wins. False when the name is taken.
 */
export async function claimSandbox(folders: SandboxFolders, state: SandboxState): Promise<boolean> {
  const draft = beside(folders, 'claim');
  await rm(draft, { recursive: true, force: true });
  for (const folder of ['bundles', 'inside']) await mkdir(join(draft, folder), { recursive: true });
  await writeFile(join(draft, stateFile), stateText(state));
  try {
    await rename(draft, folders.home);
    return true;
  } catch {
    await rm(draft, { recursive: true, force: true });
    return false; // ENOTEMPTY or EEXIST: somebody was first.
  }
}

const stateFile = 'state.json';

function stateText(state: SandboxState): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** A folder of this process beside that of the sandbox: what a killed process left there is told by its name. */
function beside(folders: SandboxFolders, purpose: 'claim' | 'gone'): string {
  return `${folders.home}.${purpose}-${process.pid}-${startTimeOf(process.pid) ?? '0'}`;
}

const besideName = /\.(?:claim|gone)-(?<pid>\d+)-(?<startTime>\d+)$/;

/** Names of the folders below `<runtime>` that may be sandboxes. Removes what killed processes left beside them. */
export async function sandboxNames(runtimeFolder: string): Promise<string[]> {
  const entries = await readdir(runtimeFolder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const name of names) {
    const { pid, startTime } = besideName.exec(name)?.groups ?? {};
    if (pid !== undefined && startTimeOf(Number(pid)) !== startTime)
      await rm(join(runtimeFolder, name), { recursive: true, force: true });
  }
  return names.filter((name) => !besideName.test(name));
}

/** Joins the sandbox as its root. */
export function enterSandbox(holderPid: number): readonly string[] {
  return ['nsenter', '--target', String(holderPid), '--user', '--mount', '--net', '--pid', '--wd=/', '--'];
}

/**
 * Ends the sandbox and removes what is left of it outside. The folder goes by rename first, so that
 * one that was killed here leaves the name free, and not a folder without its state.
 */
export async function removeSandbox(folders: SandboxFolders, state: SandboxState): Promise<void> {
  const keeper = state.keeper;
  // Until it is up nobody has written down who holds it; `unshare` has no other child.
  const child = state.holder === undefined && isAlive(keeper) ? childOf(keeper?.pid ?? -1) : undefined;
  await killAll(
    [state.holder ?? (child === undefined ? undefined : identify(child)), keeper].filter((it) => it !== undefined),
  );
  // Somebody else may have removed it meanwhile, and a new network may have taken the name.
  if ((await readState(folders))?.startedAt !== state.startedAt) return;
  const gone = beside(folders, 'gone');
  await rename(folders.home, gone).catch(() => {}); // Somebody else was quicker.
  await rm(gone, { recursive: true, force: true });
}
