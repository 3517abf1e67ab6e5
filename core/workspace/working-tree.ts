import { compiledNames, droppings } from '../model/config-file.ts';
import { exitCode } from './exit-code.ts';

/** Of names that compiled tables share with zones, those are kept that are text, as grep(1) -I has it. */
const isCompiledName = compiledNames.map((name) => `-name '${name}'`).join(' -o ');
const notDroppings = [
  ...droppings.map((name) => `! -name '${name}'`),
  `\\( ! \\( ${isCompiledName} \\) -o -exec env LC_ALL=C grep -qI '' {} \\; \\)`,
].join(' ');

/**
 * Bash functions on the working tree. They run under the lock, inside `configs`, as root of the user
 * namespace, with `$scratch` on the same file system so that a rename from there is atomic.
 */
export const workingTree = `
zero=0000000000000000000000000000000000000000
empty=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# Sets $here to the tree of what stands in the working tree. Listed by find and not by "git add":
# that would take a nested repository for a submodule and keep nothing of it, and would stop at one
# of a trainee's pipes or devices. The index spares reading what did not change.
look() {
  : >"$scratch/looked"
  find . -name .git -prune -o \\( -type f -o -type l \\) ${notDroppings} -printf '%P\\0' | sort -z >"$scratch/found" &&
    git ls-files -z | comm -z -23 - "$scratch/found" >"$scratch/gone" &&
    { [[ ! -s $scratch/gone ]] || git update-index --force-remove -z --stdin <"$scratch/gone"; } &&
    git update-index --add --remove --replace -z --stdin <"$scratch/found" &&
    here=$(git write-tree)
}

# Keeps what stands in the working tree unless the very same is kept already. Sets $here, and $taken
# to the new snapshot. Git stops at a file that shrinks while it reads; a daemon's save is over by the next look.
snapshot() {
  local reason=$1 time lab commit kept
  look || look || look
  kept=$(git for-each-ref --format='%(tree)%(objectname)' refs/breakwater)
  [[ $here != "$empty" && $'\\n'$kept != *$'\\n'"$here"* ]] || return 0
  lab=$(git for-each-ref --format='%(contents:subject)' refs/breakwater/start)
  commit=$(printf '%s\\n\\nLab: %s\\n' "$reason" "$lab" | git commit-tree "$here")
  time=$EPOCHREALTIME
  printf -v taken '%(%Y%m%d-%H%M%S)T-%s' "\${time%.*}" "\${time#*.}"
  git update-ref "refs/breakwater/snapshots/$taken" "$commit" "$zero"
}

# Stops when a folder on the way to $1 is a link: writing there would leave the working tree.
guard() {
  local folder=$1
  while [[ $folder == */* ]]; do
    folder=\${folder%/*}
    [[ ! -L $folder ]] || { echo "$folder is a symbolic link" >&2; exit ${exitCode.link}; }
  done
}

# Keeps what was saved into $1 after we looked: an editor does not wait for our lock.
keep_late() {
  [[ ! -e $1 || $1 -ot $scratch/looked ]] || snapshot "$reason"
}

# Writes and deletes the files of $scratch/changes (git diff-tree -z --raw) so that they are as in tree $1.
write_changes() {
  local tree=$1 change path written=() deleted=() folders=()
  while IFS= read -r -d '' change && IFS= read -r -d '' path; do
    case \${change:8:6} in
      000000) deleted+=("$path") ;;
      *) written+=("$path"); folders+=("\${path%/*}") ;;
    esac
  done <"$scratch/changes"
  for path in "\${deleted[@]}"; do
    guard "$path"
    keep_late "$path"
    rm -f -- "$path"
  done
  (( \${#written[@]} )) || return 0
  GIT_INDEX_FILE=$scratch/index git read-tree "$tree"
  printf '%s\\0' "\${written[@]}" | GIT_INDEX_FILE=$scratch/index git checkout-index -z --stdin --prefix="$scratch/files/"
  for path in "\${written[@]}"; do guard "$path"; done
  mkdir -p -- "\${folders[@]}"
  for path in "\${written[@]}"; do place "$path"; done
}

# Renames $scratch/files/$1 to $1, so that $1 is the old file or the new one at every moment. The new
# one takes over owner and mode, which the store does not know, all but the executable bit, which it does.
place() {
  local staged=$scratch/files/$1 executable
  guard "$1"
  if [[ -f $1 && ! -L $1 && ! -L $staged ]]; then
    [[ -x $staged ]] && executable=a+x || executable=a-x
    # Fails for an owner outside our sub-ids, such as the host's root: then the file becomes ours.
    cp --attributes-only --preserve=mode,ownership -- "$1" "$staged" 2>/dev/null || :
    [[ $executable == a+x && -x $staged || $executable == a-x && ! -x $staged ]] || chmod "$executable" -- "$staged"
  fi
  [[ ! -d $1 || -L $1 ]] || rmdir -- "$1"
  keep_late "$1"
  mv -fT -- "$staged" "$1"
}
`;
