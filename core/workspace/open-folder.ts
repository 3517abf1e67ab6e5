import { lstatSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import { currentUser, subIdRange } from '../exec/user-namespace.ts';
import { LabError } from '../model/errors.ts';
import { finishCheckout } from './checkout.ts';
import { createStore, type Store } from './store.ts';

/** Makes the folder ours and its store ready; both are left as they are when they are there. */
export async function createFolder(path: string): Promise<Store> {
  const store: Store = { folder: resolve(path) };
  await mkdir(store.folder, { recursive: true });
  await giveToSubId(store.folder);
  await createStore(store, create, [attributes, configuration]);
  return store;
}

/**
 * Root's files would be nobody's inside the namespace, where root of the namespace is the first
 * sub-id: the folder becomes that one's. Only a folder that holds nothing yet is given away.
 */
async function giveToSubId(folder: string): Promise<void> {
  const user = currentUser();
  if (user.uid !== 0) return;
  const uid = subIdRange('/etc/subuid', user).first;
  const gid = subIdRange('/etc/subgid', user).first;
  if (lstatSync(folder).uid === uid) return;
  if (readdirSync(folder).length > 0) {
    throw new LabError(
      'workspace',
      `${folder} is not a workspace of ours: it belongs to another user than ${uid} and is not empty`,
      {
        hint: 'set XDG_STATE_HOME to another place',
      },
    );
  }
  await chown(folder, uid, gid);
}

// "git init" leaves what is there and completes what a killed one left. An index that git cannot
// read is only a cache of what it read before.
const create = `${finishCheckout}
mkdir -p store.git
rm -f store.git/config.worktree
printf '%s' "$2" >store.git/config
env -u GIT_DIR -u GIT_WORK_TREE git init --quiet --bare --template= --initial-branch=breakwater store.git
mkdir -p configs store.git/info
printf '%s\\n' "$1" >store.git/info/attributes
git ls-files >"$scratch/index-is-sound" || rm -f store.git/index
cd configs
(finish_checkout)
`;

/** Written anew at each opening: a store's configuration can name programs for git to run, and this one names none. */
const configuration = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/** Outweighs a .gitattributes that a trainee may have: no content is converted, and every diff is shown as text. */
const attributes = '* -text -ident -filter -working-tree-encoding -eol !diff';
