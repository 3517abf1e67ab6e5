import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

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
 * Root has no use for its home here: what the nodes own belongs to sub-ids, and those may not walk
 * into /root. So root uses the system's own places (hier(7)).
 */
export function resolvePaths(env: NodeJS.ProcessEnv = process.env, uid: number = process.getuid?.() ?? 0): Paths {
  const root = uid === 0;
  const under = (variable: string, rootDefault: string, userDefault: string): string =>
    join(env[variable] ?? (root ? rootDefault : userDefault), 'breakwater');
  return {
    state: under('XDG_STATE_HOME', '/var/lib', join(homedir(), '.local', 'state')),
    cache: under('XDG_CACHE_HOME', '/var/cache', join(homedir(), '.cache')),
    runtime:
      env['XDG_RUNTIME_DIR'] === undefined
        ? root
          ? '/run/breakwater'
          : join(tmpdir(), `breakwater-${uid}`)
        : under('XDG_RUNTIME_DIR', '/run', ''),
  };
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
