import { readFileSync } from 'node:fs';

import { type Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';
import type { LabPatch } from '../model/lab.ts';
import { parseChanges } from './compare-trees.ts';
import { configPathProblem } from '../model/config-file.ts';
import { explainPatch, patchedPaths } from './explain-patch.ts';
import { exitCode } from './exit-code.ts';
import { changeStore, readStore, type Store, type TreeId } from './store.ts';

/** The tree with the patch in it. Throws a DiagnosticsError that shows each hunk which does not fit, and what was found instead. */
export async function patchTree(store: Store, tree: TreeId, patch: LabPatch): Promise<TreeId> {
  const result = await changeStore(store, `applying ${patch.file}`, apply, [tree], {
    input: patch.diff,
    expected: [exitCode.patch],
  });
  if (result.exitCode === exitCode.patch) throw new DiagnosticsError(await explain(store, tree, patch, result.stderr));
  const end = result.stdout.indexOf('\n');
  const raw = result.stdout.slice(end + 1);
  const problems = [...pathProblems(raw), ...linkProblems(raw)];
  if (problems.length > 0)
    throw new DiagnosticsError(problems.map(({ path, message }) => ({ ...positionOf(patch, path), message })));
  return result.stdout.slice(0, end);
}

// An index of its own: git takes all hunks or none, and the working tree has no part in it.
const apply = `
export GIT_INDEX_FILE=$scratch/index
git read-tree "$1"
git apply --cached --whitespace=nowarn - || exit ${exitCode.patch}
patched=$(git write-tree)
echo "$patched"
git diff-tree -r -z --raw --no-renames "$1" "$patched"
`;

async function explain(store: Store, tree: TreeId, patch: LabPatch, said: string): Promise<readonly Diagnostic[]> {
  const files = new Map<string, string>();
  for (const path of patchedPaths(patch.diff)) {
    const { exitCode: code, stdout } = await readStore(store, ['cat-file', 'blob', `${tree}:${path}`], {
      expected: [128],
    });
    if (code === 0) files.set(path, stdout);
  }
  const firstLine = lineOfDiff(patch);
  const found = explainPatch(patch.diff, files).map(({ line, ...rest }) => ({
    file: patch.file,
    line: firstLine + line - 1,
    ...rest,
  }));
  if (found.length > 0) return found;
  const message = `git cannot apply the patch: ${
    said
      .trim()
      .replace(/^error: /, '')
      .split('\n')[0]
  }`;
  return [
    { file: patch.file, line: firstLine, column: 1, message, hint: 'make it again with: git diff --no-index OLD NEW' },
  ];
}

function pathProblems(raw: string): { path: string; message: string }[] {
  return parseChanges(raw).flatMap(({ path, status }) => {
    const problem = status === 'deleted' ? undefined : configPathProblem(path);
    return problem === undefined
      ? []
      : [{ path, message: `the patch writes ${path}, which is not a configuration file: ${problem}` }];
  });
}

function linkProblems(raw: string): { path: string; message: string }[] {
  const fields = raw.split('\0');
  return fields.flatMap((meta, index) =>
    /^:\d+ (?:120000|160000) /.test(meta)
      ? [
          {
            path: fields[index + 1] ?? '',
            message: `the patch makes ${fields[index + 1]} a symbolic link or a repository; only plain files can be patched`,
          },
        ]
      : [],
  );
}

function positionOf(patch: LabPatch, path: string): { file: string; line: number; column: number } {
  const lines = patch.diff.split('\n');
  const line = lines.findIndex((text) => text.startsWith('+++ ') && text.includes(path)) + 1;
  return { file: patch.file, line: lineOfDiff(patch) + Math.max(line, 1) - 1, column: line === 0 ? 1 : 5 };
}

/** Where the diff begins in the patch file: after its header. */
function lineOfDiff(patch: LabPatch): number {
  try {
    const text = readFileSync(patch.file, 'utf8');
    return text.slice(0, Math.max(text.indexOf(patch.diff), 0)).split('\n').length;
  } catch {
    // A patch that was made in memory: its diff is the whole of it.
    return 1;
  }
}
