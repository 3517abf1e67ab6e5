import { readStore, type Store, type TreeId } from './store.ts';

export interface Change {
  /** `pe1/etc/nftables.conf` */
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
}

/** Files that differ between two trees, by path. */
export async function listChanges(store: Store, from: TreeId, to: TreeId): Promise<Change[]> {
  return parseChanges((await readStore(store, ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to])).stdout);
}

/** The unified diff between two trees, ready for `git apply`; empty when they are equal. */
export async function diffTrees(
  store: Store,
  from: TreeId,
  to: TreeId,
  options: { color?: boolean } = {},
): Promise<string> {
  const color = `--color=${options.color ? 'always' : 'never'}`;
  return (await readStore(store, ['diff', '--no-renames', '--no-ext-diff', '--no-textconv', color, from, to])).stdout;
}

/** Reads `git diff-tree -z --raw`: a line of modes, ids and status, then the path (git-diff-tree(1), "RAW OUTPUT FORMAT"). */
export function parseChanges(raw: string): Change[] {
  const fields = raw.split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const letter = fields[index]?.at(-1);
    const status = letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified';
    changes.push({ path: fields[index + 1] ?? '', status });
  }
  return changes;
}
