import { LabError } from '../model/errors.ts';
import { type Change, parseChanges } from './compare-trees.ts';
import { exitCode } from './exit-code.ts';
import { noLab, oneLine } from './snapshot.ts';
import { commitStart, type Start } from './start.ts';
import { changeStore, type Store, type TreeId } from './store.ts';

/**
 * Makes the working tree equal to `tree`, after keeping what stands there. Writes only what differs,
 * each file by rename, and no folder is ever replaced: running nodes have them mounted.
 */
export async function checkOutTree(store: Store, tree: TreeId, reason: string): Promise<Change[]> {
  return checkOut(store, `checkout "$1" "$2" no-links`, [tree, oneLine(reason)]);
}

/**
 * Checks out what a trainee begins from and records it, both or neither, also when it is killed:
 * otherwise one lab's files could stand there under the name of another.
 */
export async function beginLab(
  store: Store,
  { lab, baseline, solution, start }: Start,
  reason: string,
): Promise<Change[]> {
  const script = `${commitStart}\ncommit_start "$@"; checkout "$4" "$5" no-links`;
  return checkOut(store, script, [lab ?? noLab, baseline, solution, start, oneLine(reason)]);
}

/** Records what a trainee begins from, where that stands there already. */
export async function noteStart(store: Store, { lab, baseline, solution, start }: Start): Promise<void> {
  const script = `${commitStart}\ncommit_start "$@"; git update-ref refs/breakwater/start "$begun"`;
  await changeStore(store, 'recording the start of a lab', script, [lab ?? noLab, baseline, solution, start]);
}

async function checkOut(store: Store, script: string, args: readonly string[]): Promise<Change[]> {
  const result = await changeStore(store, 'switching the configuration', `${checkout}\n${script}`, args, {
    expected: [exitCode.link],
  });
  if (result.exitCode === exitCode.link) {
    throw new LabError('workspace', `nothing was written past a symbolic link: ${result.stderr.trim()}`, {
      hint: 'put a file or a folder in its place',
    });
  }
  return parseChanges(result.stdout);
}

/** Brings a snapshot back, after keeping what stands there. Links come back too: only a trainee can have made them. */
export async function restoreSnapshot(store: Store, id: string): Promise<Change[]> {
  const script = `
    tree=$(git rev-parse --quiet --verify "refs/breakwater/snapshots/$1^{tree}") || exit ${exitCode.absent}
    checkout "$tree" "before restoring $1" links`;
  const known = /^\d{8}-\d{6}-\d{6}$/.test(id);
  const result =
    known &&
    (await changeStore(store, 'restoring a snapshot', `${checkout}${script}`, [id], { expected: [exitCode.absent] }));
  if (!result || result.exitCode === exitCode.absent) {
    throw new LabError('unknown-name', `there is no snapshot ${JSON.stringify(id)}`, {
      hint: 'list them: breakwater snapshots',
    });
  }
  return parseChanges(result.stdout);
}

// The tree is entered under refs/breakwater/placed: what the appliance wrote itself is kept, and need
// not be taken for a trainee's work later. refs/breakwater/unfinished says what is being done until it
// is done, or has failed and said so.
const checkout = `
begun=
checkout() {
  local tree=$1 reason=$2 links=$3 change path plan
  snapshot "$reason"
  git diff-tree -r -z --raw --no-renames "$here" "$tree" >"$scratch/changes"
  if [[ ! -s $scratch/changes ]]; then
    [[ -z $begun ]] || git update-ref refs/breakwater/start "$begun"
    return 0
  fi
  while IFS= read -r -d '' change && IFS= read -r -d '' path; do
    [[ $links != no-links || \${change:8:6} != 120000 ]] || { echo "$path is a symbolic link in the tree" >&2; exit ${exitCode.link}; }
  done <"$scratch/changes"
  plan=$(printf '%s\\n\\nFrom: %s\\n' "$reason" "$here" | git commit-tree "$tree")
  printf 'update refs/breakwater/%s\\n' "placed/$tree $tree" "unfinished $plan" \${begun:+"start $begun"} | git update-ref --stdin
  trap 'git update-ref -d refs/breakwater/unfinished' EXIT
  write_changes "$tree"
  cat "$scratch/changes"
}
`;

/**
 * Bash, under the lock: ends a checkout whose process was killed. Files that still are as they were
 * before it follow the others; a file that was edited since then stays.
 */
export const finishCheckout = `
finish_checkout() {
  local tree from change path reason='while an interrupted switch was finished'
  local -A planned=()
  read -r tree from < <(git for-each-ref --format='%(tree) %(trailers:key=From,valueonly,separator=%2C)' refs/breakwater/unfinished) || return 0
  trap 'git update-ref -d refs/breakwater/unfinished' EXIT
  while IFS= read -r -d '' change && IFS= read -r -d '' path; do
    planned["$change/$path"]=yes
  done < <(git diff-tree -r -z --raw --no-renames "$from" "$tree")
  look
  while IFS= read -r -d '' change && IFS= read -r -d '' path; do
    [[ -z \${planned["$change/$path"]-} ]] || printf '%s\\0' "$change" "$path"
  done < <(git diff-tree -r -z --raw --no-renames "$here" "$tree") >"$scratch/changes"
  write_changes "$tree"
}
`;
