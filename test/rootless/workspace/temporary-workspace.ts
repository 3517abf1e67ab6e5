import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import type { ConfigFile } from '#core/model/config-file.ts';
import { openWorkspace, type Workspace } from '#core/workspace/workspace.ts';

export interface TemporaryWorkspace {
  readonly folder: string;
  readonly workspace: Workspace;
  /** Runs bash in the working tree as root of the user namespace: what a daemon or a trainee does on a node. */
  onNode(script: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeWorkspace(): Promise<TemporaryWorkspace> {
  const home = await mkdtemp(join(tmpdir(), 'breakwater-workspace-'));
  // When root runs the tests, the workspace belongs to a sub-id that has to walk through here.
  await chmod(home, 0o755);
  const folder = join(home, 'isp');
  const workspace = await openWorkspace(folder);
  return {
    folder,
    workspace,
    onNode: async (script) =>
      (await mustRunInUserNamespace(['bash', '-euc', script], { cwd: workspace.configs })).stdout,
    remove: async () => {
      await mustRunInUserNamespace(['bash', '-c', 'rm -rf -- "$1"/*', 'remove', folder], { cwd: folder });
      await rm(home, { recursive: true });
    },
  };
}

export function files(contents: Readonly<Record<string, string>>): ConfigFile[] {
  return Object.entries(contents).map(([path, content]) => ({ path, content: Buffer.from(content) }));
}
