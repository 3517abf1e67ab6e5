import { LabError } from '../model/errors.ts';
import { requireConfigPath } from '../model/config-file.ts';
import { exitCode } from './exit-code.ts';
import { changeStore, readStore, readWorkingTree, type Store } from './store.ts';

export interface EditedFile {
  readonly content: string;
  /** Names this very content; hand it back when writing. */
  readonly blob: string;
}

/** Somebody else saved the file since it was read: all sides are here, and the file is as they left it. */
export class ConflictError extends LabError {
  readonly path: string;
  /** What was read before the edit; undefined for a file that was new. */
  readonly base: string | undefined;
  /** What should have been written. */
  readonly ours: string;
  /** What stands there; undefined when it was deleted. Its `blob` as `expected` says that it may be overwritten. */
  readonly theirs: EditedFile | undefined;

  constructor(path: string, sides: { base: string | undefined; ours: string; theirs: EditedFile | undefined }) {
    const what =
      sides.theirs === undefined
        ? 'was deleted'
        : sides.base === undefined
          ? 'exists already'
          : 'was changed by somebody else';
    super('workspace', `${path} ${what} while it was being edited; nothing was written`, {
      hint: 'compare both versions, then save again',
    });
    this.name = 'ConflictError';
    this.path = path;
    this.base = sides.base;
    this.ours = sides.ours;
    this.theirs = sides.theirs;
  }
}

/** Reads a file of the working tree. Throws `unknown-name` when there is none, `workspace` for a link, a device or binary content. */
export async function readConfigFile(store: Store, path: string): Promise<EditedFile> {
  const file = await readIfThere(store, path);
  if (file === undefined)
    throw new LabError('unknown-name', `there is no file ${path}`, {
      hint: `see what there is: ls ${store.folder}/configs`,
    });
  return file;
}

/**
 * Writes a file of the working tree by rename. `expected` is the blob that was read before the edit;
 * without it the file has to be new. Throws a ConflictError, and writes nothing, when something else stands there.
 */
export async function writeConfigFile(
  store: Store,
  path: string,
  content: string,
  expected?: string,
): Promise<{ blob: string }> {
  requireConfigPath(path);
  const result = await changeStore(store, `writing ${path}`, write, [path, expected ?? ''], {
    input: content,
    expected: [exitCode.conflict, exitCode.notPlain, exitCode.link],
  });
  if (result.exitCode === exitCode.conflict) {
    const base = expected === undefined ? undefined : await readBlob(store, expected);
    throw new ConflictError(path, { base, ours: content, theirs: await readIfThere(store, path) });
  }
  if (result.exitCode !== 0) throw notPlain(path);
  return { blob: result.stdout.trim() };
}

// Both versions are in the store before anything is written.
const write = `
reason="before saving $1" theirs=
: >"$scratch/looked"
guard "$1"
[[ ! -e $1 && ! -L $1 || -f $1 && ! -L $1 ]] || exit ${exitCode.notPlain}
ours=$(git hash-object -w --stdin)
[[ ! -f $1 ]] || theirs=$(git hash-object -w --stdin <"$1")
echo "$ours"
[[ $theirs != "$ours" ]] || exit 0
[[ $theirs == "$2" ]] || exit ${exitCode.conflict}
mkdir -p -- "\${1%/*}" "$scratch/files/\${1%/*}"
git cat-file blob "$ours" >"$scratch/files/$1"
place "$1"
`;

async function readIfThere(store: Store, path: string): Promise<EditedFile | undefined> {
  requireConfigPath(path);
  const result = await readWorkingTree(store, read, [path], {
    expected: [exitCode.absent, exitCode.notPlain, exitCode.link],
  });
  if (result.exitCode === exitCode.absent) return undefined;
  if (result.exitCode !== 0) throw notPlain(path);
  const [blob = '', base64 = ''] = result.stdout.split('\n');
  return { blob, content: decode(path, Buffer.from(base64, 'base64')) };
}

// Content and name come from one reading, so that they belong together whoever saves meanwhile.
const read = `
guard "$1"
[[ -e $1 || -L $1 ]] || exit ${exitCode.absent}
[[ -f $1 && ! -L $1 ]] || exit ${exitCode.notPlain}
blob=$(git hash-object -w --stdin <"$1")
echo "$blob"
git cat-file blob "$blob" | base64 --wrap=0
`;

async function readBlob(store: Store, blob: string): Promise<string> {
  return (await readStore(store, ['cat-file', 'blob', blob])).stdout;
}

/** An editor that turned foreign bytes into U+FFFD would destroy the file by saving it. */
function decode(path: string, content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new LabError('workspace', `${path} is not text in UTF-8`, {
      hint: `edit it on the node: breakwater shell ${path.split('/')[0]}`,
      cause,
    });
  }
}

function notPlain(path: string): LabError {
  return new LabError('workspace', `${path} is not a plain file, or lies behind a symbolic link`, {
    hint: `edit it on the node: breakwater shell ${path.split('/')[0]}`,
  });
}
