import { LabError } from '../model/errors.ts';
import { type ConfigFile, requireConfigPath } from '../model/config-file.ts';
import { listFiles } from './read-tree.ts';
import { changeStore, type Store, type TreeId } from './store.ts';

export interface ImportOptions {
  /** The tree that the files are laid over. */
  readonly below?: TreeId;
  /** Files of that tree, or folders of it, that are not in the new one. */
  readonly absent?: readonly string[];
}

/** Brings files into the store as a tree; the working tree stays as it is. */
export async function importFiles(
  store: Store,
  files: readonly ConfigFile[],
  { below, absent = [] }: ImportOptions = {},
): Promise<TreeId> {
  const above = files.map((file) => file.path);
  const isGone = (path: string): boolean => absent.some((gone) => path === gone || path.startsWith(`${gone}/`));
  for (const path of absent) requireConfigPath(path);
  const others =
    below === undefined ? [] : (await listFiles(store, below)).filter((path) => !above.includes(path) && !isGone(path));
  requireOneTree([...above, ...others]);
  const result = await changeStore(store, 'importing a configuration', 'git fast-import --quiet --force --done', [], {
    input: fastImportStream(files, below, absent),
  });
  const tree = /^040000 tree ([0-9a-f]{40})\t/.exec(result.stdout)?.[1];
  if (tree === undefined)
    throw new LabError('workspace', `git fast-import named no tree: ${JSON.stringify(result.stdout)}`);
  return tree;
}

/** By stdin, since the namespace may not be able to read the place where the files are (git-fast-import(1)). */
function fastImportStream(files: readonly ConfigFile[], below: TreeId | undefined, absent: readonly string[]): Buffer {
  const commit = 'commit refs/breakwater/imported\ncommitter Breakwater <breakwater@localhost> 0 +0000\ndata 0\n';
  const parts = files.flatMap(({ path, content, executable }) => [
    Buffer.from(`M ${executable ? '100755' : '100644'} inline ${path}\ndata ${content.length}\n`),
    content,
    Buffer.from('\n'),
  ]);
  const first = below === undefined ? '' : `M 040000 ${below} \n${absent.map((path) => `D ${path}\n`).join('')}`;
  return Buffer.concat([Buffer.from(commit + first), ...parts, Buffer.from('ls ""\ndone\n')]);
}

function requireOneTree(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    requireConfigPath(path);
    if (seen.has(path)) throw new LabError('workspace', `${path} is there twice`);
    seen.add(path);
  }
  for (const path of paths) {
    const folder = parents(path).find((parent) => seen.has(parent));
    if (folder !== undefined) throw new LabError('workspace', `${folder} is a file, and a folder that holds ${path}`);
  }
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
