import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { changeStore, type Store } from './store.ts';

/** Makes `configs/<node>/etc` for each node: a node without a file has a folder to mount, too. */
export async function makeNodeFolders(store: Store, nodes: readonly string[]): Promise<void> {
  const wrong = nodes.find((node) => !NodeName.safeParse(node).success);
  if (wrong !== undefined) throw new LabError('unknown-name', `${JSON.stringify(wrong)} is no name of a node`);
  if (nodes.length === 0) return;
  const script = 'for folder in "$@"; do guard "$folder/etc/"; done; mkdir -p -- "${@/%//etc}"';
  await changeStore(store, 'making the folders of the nodes', script, nodes);
}
