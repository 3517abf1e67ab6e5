import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

import type { Run } from '../model/run.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';

/**
 * What has happened since a run judged a network, in whole phrases; empty where its verdict is still about
 * what runs. Daemons can be changed without a file: so a command on a node counts as well, whatever it was.
 */
export async function sinceJudged(
  appliance: Appliance,
  name: string,
  { judged, startedAt }: Pick<Run, 'judged' | 'startedAt'>,
): Promise<readonly string[]> {
  if (judged === undefined) return ['it is not known what this run judged'];
  const network = await appliance.runtime.attach(name);
  if (network === undefined) return ['the network was taken down'];
  const since: string[] = [];
  if (network.startedAt !== judged.network) since.push('the network was started again');
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  const tree = await workspace.current();
  if (tree !== judged.tree) {
    const paths = (await workspace.changes(judged.tree, tree)).map((it) => it.path);
    const more = paths.length > 2 ? ` and ${paths.length - 2} more` : '';
    since.push(`the configuration was changed: ${paths.slice(0, 2).join(', ')}${more}`);
  }
  return [...since, ...(await touchedSince(appliance, name, startedAt))];
}

/** Commands on nodes since then; only the last one is remembered. */
export async function touchedSince(appliance: Appliance, name: string, startedAt: string): Promise<readonly string[]> {
  const touch = await readTouch(appliance, name);
  return touch !== undefined && touch.at > startedAt ? [`commands were run on ${touch.node}`] : [];
}

/** Remembers that somebody ran a command on a node, in a terminal or by `exec`. */
export async function noteTouched(appliance: Appliance, name: string, node: string): Promise<void> {
  const file = touchFile(appliance, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify({ at: new Date().toISOString(), node })}\n`);
}

const Touch = z.strictObject({ at: z.iso.datetime(), node: z.string() });

async function readTouch(appliance: Appliance, name: string): Promise<z.infer<typeof Touch> | undefined> {
  try {
    return Touch.parse(JSON.parse(await readFile(touchFile(appliance, name), 'utf8')));
  } catch {
    return undefined; // Nobody has, yet.
  }
}

function touchFile(appliance: Appliance, name: string): string {
  return join(appliance.paths.state, 'touched', `${name}.json`);
}
