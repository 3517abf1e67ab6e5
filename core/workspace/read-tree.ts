import { requireConfigPath } from '../model/config-file.ts';
import { readStore, type Store, type TreeId } from './store.ts';

/** Every file of a tree, by path. */
export async function listFiles(store: Store, tree: TreeId): Promise<string[]> {
  const { stdout } = await readStore(store, ['ls-tree', '-r', '-z', '--name-only', tree]);
  return stdout.split('\0').filter((path) => path !== '');
}

const absent = 128;

/** A file as it stands in a tree; undefined when the tree has none of that name. */
export async function readFileOf(store: Store, tree: TreeId, path: string): Promise<string | undefined> {
  requireConfigPath(path);
  const { exitCode, stdout } = await readStore(store, ['cat-file', 'blob', `${tree}:${path}`], { expected: [absent] });
  return exitCode === absent ? undefined : stdout;
}
