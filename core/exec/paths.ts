import { existsSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { LabError } from '../model/errors.ts';

/** Where the appliance keeps things (XDG Base Directory Specification). */
export interface Paths {
  /** Workspaces, snapshots, results of runs: what must survive. */
  readonly state: string;
  /** Images: what can be built again. */
  readonly cache: string;
  /** What concerns running networks and is gone after a reboot. */
  readonly runtime: string;
}

/**
 * Root has no use for its home here, nor for the /run/user/0 that a login gives it: what the nodes own
 * belongs to sub-ids, and those may not walk into either. So root uses the system's own places
 * (hier(7)), unless it is told of others that are open.
 */
export function resolvePaths(env: NodeJS.ProcessEnv = process.env, uid: number = process.getuid?.() ?? 0): Paths {
  const root = uid === 0;
  const told = (variable: string): string | undefined => {
    const folder = env[variable];
    // One that is empty or relative is to be taken for unset.
    if (folder === undefined || !isAbsolute(folder)) return undefined;
    return root && !isOpen(folder) ? undefined : join(folder, 'breakwater');
  };
  return {
    state: told('XDG_STATE_HOME') ?? join(root ? '/var/lib' : join(homedir(), '.local', 'state'), 'breakwater'),
    cache: told('XDG_CACHE_HOME') ?? join(root ? '/var/cache' : join(homedir(), '.cache'), 'breakwater'),
    runtime: told('XDG_RUNTIME_DIR') ?? (root ? '/run/breakwater' : join(tmpdir(), `breakwater-${uid}`)),
  };
}

/** Whether everybody may walk into a folder, as far down as it is there. */
function isOpen(folder: string): boolean {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001;
  return (mode & 0o001) !== 0 && (folder === dirname(folder) || isOpen(dirname(folder)));
}

/** The folder that holds `topologies/`, `labs/` and `image/`: the checkout, or the installed package. */
export function productFolder(from: string = import.meta.dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'topologies')) && existsSync(join(folder, 'image'))) return folder;
  }
  throw new LabError('invalid-file', `no folder above ${from} holds topologies/ and image/`, {
    hint: 'reinstall breakwater',
  });
}
