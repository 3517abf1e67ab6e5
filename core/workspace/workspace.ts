import type { ConfigFile } from '../model/config-file.ts';
import { LabError } from '../model/errors.ts';
import type { LabPatch } from '../model/lab.ts';
import { patchTree } from './apply-patch.ts';
import { beginLab, checkOutTree, noteStart, restoreSnapshot } from './checkout.ts';
import { type Change, diffTrees, listChanges } from './compare-trees.ts';
import { type EditedFile, readConfigFile, writeConfigFile } from './edit-file.ts';
import { importFiles, type ImportOptions } from './import-tree.ts';
import { makeNodeFolders } from './node-folders.ts';
import { createFolder } from './open-folder.ts';
import { listFiles, readFileOf } from './read-tree.ts';
import { listSnapshots, lookAtWorkingTree, type Snapshot, takeSnapshot } from './snapshot.ts';
import { readStart, type Start } from './start.ts';
import type { Store, TreeId } from './store.ts';

/**
 * The configuration that a trainee edits, and everything it ever was. Configurations are trees in a
 * private git repository; what is about to be overwritten is kept as a snapshot first. Two commands
 * at once wait for each other; one that is killed leaves every file old or new, never half.
 * All methods throw LabError `workspace` when git or the namespace cannot do their work.
 */
export interface Workspace {
  /** Absolute path of the working tree, `<node>/etc/…`: what nodes mount and editors open. */
  readonly configs: string;
  /** Makes `configs/<node>/etc` for each node, also for one that has no files. */
  materialise(nodes: readonly string[]): Promise<void>;
  /** Brings files into the store, laid over another tree if there is one; the working tree stays as it is. */
  importTree(files: readonly ConfigFile[], options?: ImportOptions): Promise<TreeId>;
  /** The tree with the patch in it. Throws DiagnosticsError with the lines found instead of those expected. */
  applyPatch(tree: TreeId, patch: LabPatch): Promise<TreeId>;
  changes(from: TreeId, to: TreeId): Promise<Change[]>;
  /** Every file of a tree, by path. */
  files(tree: TreeId): Promise<string[]>;
  /** A file as it stands in a tree; undefined when there is none. */
  readFileOf(tree: TreeId, path: string): Promise<string | undefined>;
  /** Unified diff, ready for `git apply`. */
  diff(from: TreeId, to: TreeId, options?: { color?: boolean }): Promise<string>;
  /** The working tree as it stands now. */
  current(): Promise<TreeId>;
  /** Makes the working tree equal to `tree` after keeping what stands there. Returns what changed. */
  checkout(tree: TreeId, reason: string): Promise<Change[]>;
  /** Undefined when what stands there is kept already, or was put there by a checkout. */
  snapshot(reason: string): Promise<Snapshot | undefined>;
  /** Newest first. */
  snapshots(): Promise<Snapshot[]>;
  /** Brings a snapshot back after keeping what stands there. Throws `unknown-name`. */
  restore(id: string): Promise<Change[]>;
  /** Checks out `start` and records it as what the trainee begins from, both or neither. Returns what changed. */
  begin(start: Start, reason: string): Promise<Change[]>;
  /** Records `start` and touches no file: its tree stands there already, or did before the trainee edited it. */
  noteStart(start: Start): Promise<void>;
  start(): Promise<Start | undefined>;
  /** Throws `unknown-name` when there is no such file. */
  readFile(path: string): Promise<EditedFile>;
  /**
   * Writes by rename. `expected` is the blob last read; without it the file has to be new.
   * Throws ConflictError, with all sides, when something else stands there.
   */
  writeFile(path: string, content: string, expected?: string): Promise<{ blob: string }>;
}

/** Opens the workspace in `folder`; creates what is missing and mends what a killed command left. */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const store: Store = await createFolder(folder);
  return {
    configs: `${store.folder}/configs`,
    materialise: async (nodes) => makeNodeFolders(store, nodes),
    importTree: async (files, options = {}) => {
      if (options.below !== undefined) requireTree(options.below);
      return importFiles(store, files, options);
    },
    applyPatch: async (tree, patch) => patchTree(store, requireTree(tree), patch),
    changes: async (from, to) => listChanges(store, requireTree(from), requireTree(to)),
    files: async (tree) => listFiles(store, requireTree(tree)),
    readFileOf: async (tree, path) => readFileOf(store, requireTree(tree), path),
    diff: async (from, to, options) => diffTrees(store, requireTree(from), requireTree(to), options),
    current: async () => lookAtWorkingTree(store),
    checkout: async (tree, reason) => checkOutTree(store, requireTree(tree), reason),
    snapshot: async (reason) => takeSnapshot(store, reason),
    snapshots: async () => listSnapshots(store),
    restore: async (id) => restoreSnapshot(store, id),
    begin: async (start, reason) => {
      requireTrees(start);
      return beginLab(store, start, reason);
    },
    noteStart: async (start) => {
      requireTrees(start);
      await noteStart(store, start);
    },
    start: async () => readStart(store),
    readFile: async (path) => readConfigFile(store, path),
    writeFile: async (path, content, expected) => writeConfigFile(store, path, content, expected),
  };
}

function requireTrees({ baseline, solution, start }: Start): void {
  for (const tree of [baseline, solution, start]) requireTree(tree);
}

function requireTree(tree: TreeId): TreeId {
  if (/^[0-9a-f]{40}$/.test(tree)) return tree;
  throw new LabError(
    'workspace',
    `expected the id of a tree, forty hexadecimal digits, and got ${JSON.stringify(tree)}`,
  );
}
