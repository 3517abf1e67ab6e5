import type { CommandResult } from '../exec/command.ts';
import { changeStore, readStore, type Store, type TreeId } from './store.ts';

/** What a trainee had at some moment. Kept for ever. */
export interface Snapshot {
  /** Sortable: the time in UTC, `20261121-213000-123456`. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
  readonly tree: TreeId;
  /** The lab that was being worked on. */
  readonly lab?: string;
}

/** Keeps the working tree as it stands; undefined when the very same is kept already. */
export async function takeSnapshot(store: Store, reason: string): Promise<Snapshot | undefined> {
  const script = `taken=; snapshot "$1"; [[ -z $taken ]] || git for-each-ref --format='${format}' "refs/breakwater/snapshots/$taken"`;
  return parse(await changeStore(store, 'taking a snapshot', script, [oneLine(reason)]))[0];
}

/** All snapshots, newest first. */
export async function listSnapshots(store: Store): Promise<Snapshot[]> {
  return parse(
    await readStore(store, ['for-each-ref', '--sort=-refname', `--format=${format}`, 'refs/breakwater/snapshots']),
  );
}

/** The tree of the working tree as it stands. */
export async function lookAtWorkingTree(store: Store): Promise<TreeId> {
  return (await changeStore(store, 'reading the workspace', 'look || look || look; echo "$here"', [])).stdout.trim();
}

/** A reason is the subject of a commit, which ends with its line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim() || 'snapshot';
}

const format =
  '%(refname:lstrip=3)%00%(committerdate:iso-strict)%00%(tree)%00%(contents:subject)%00%(trailers:key=Lab,valueonly,separator=%2C)';

function parse(result: CommandResult): Snapshot[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', at = '', tree = '', reason = '', lab = ''] = line.split('\0');
      return { id, at: new Date(at).toISOString(), reason, tree, ...(lab === '' || lab === noLab ? {} : { lab }) };
    });
}

/** Stands where no lab is switched on; ids of labs have a slash. */
export const noLab = 'baseline';
