import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';

import type { Diagnostic } from '../model/diagnostic.ts';

/** A complaint about a diff; its line counts from the diff's first one. */
export type PatchProblem = Omit<Diagnostic, 'file'>;

/** The files that a unified diff changes, by the path they have before it. */
export function patchedPaths(diff: string): string[] {
  return parse(diff).patches.flatMap((patch) => oldPath(patch) ?? newPath(patch) ?? []);
}

/**
 * Says which hunks of a unified diff do not fit `files` (path to content), and what stands there
 * instead. It looks for a hunk anywhere in its file, as `git apply` does. Empty when all of them fit.
 */
export function explainPatch(diff: string, files: ReadonlyMap<string, string>): PatchProblem[] {
  const { patches, problem } = parse(diff);
  if (problem !== undefined) return [problem];
  if (diff.trim() === '') return [{ line: 1, column: 1, message: 'there is no diff in the patch', hint: remake }];
  const headers = diff.split('\n').flatMap((line, index) => (line.startsWith('@@ ') ? [index + 1] : []));
  return patches.flatMap((patch) => {
    const lines = headers.splice(0, patch.hunks.length);
    return explainFile(patch, lines, files);
  });
}

function explainFile(
  patch: StructuredPatch,
  headers: readonly number[],
  files: ReadonlyMap<string, string>,
): PatchProblem[] {
  const before = oldPath(patch);
  const after = newPath(patch);
  const nameLine = Math.max((headers[0] ?? 3) - 1, 1);
  if (before === undefined) {
    if (after === undefined || !files.has(after)) return [];
    return [{ line: nameLine, column: 5, message: `the patch creates ${after}, which exists already`, hint: remake }];
  }
  const content = files.get(before);
  if (content === undefined) {
    return [
      {
        line: Math.max(nameLine - 1, 1),
        column: 5,
        message: `the patch changes ${before}, which does not exist`,
        hint: remake,
      },
    ];
  }
  const found = content.split('\n');
  if (found.at(-1) === '') found.pop();
  return patch.hunks.flatMap((hunk, index) => explainHunk(before, hunk, headers[index] ?? 1, found) ?? []);
}

function explainHunk(
  path: string,
  hunk: StructuredPatchHunk,
  header: number,
  found: readonly string[],
): PatchProblem | undefined {
  const wanted = oldLines(hunk);
  const at = anchor(hunk, wanted.length, found.length) ?? bestPlace(wanted, found, hunk.oldStart - 1);
  const wrong = wanted.filter(({ text }, index) => found[at + index] !== text);
  const first = wrong[0];
  if (first === undefined) return undefined;
  const there = found[at + wanted.indexOf(first)];
  const line = at + wanted.indexOf(first) + 1;
  const others =
    wrong.length > 1 ? `; ${wrong.length - 1} more of this hunk differ${wrong.length === 2 ? 's' : ''}` : '';
  return {
    line: header + first.offset,
    column: 2 + commonStart(first.text, there ?? ''),
    message:
      there === undefined
        ? `the patch does not fit ${path}: the file ends after line ${found.length}${others}`
        : `the patch does not fit ${path}: line ${line} there is \`${there}\`${others}`,
    expected: `\`${first.text}\``,
    hint: remake,
  };
}

const remake = 'make the patch again from the configuration as it is: git diff --no-index OLD NEW';

/** The lines that a hunk wants to find, each with its distance from the hunk's header. */
function oldLines(hunk: StructuredPatchHunk): { text: string; offset: number }[] {
  return hunk.lines.flatMap((line, index) =>
    line.startsWith(' ') || line.startsWith('-') ? [{ text: line.slice(1), offset: index + 1 }] : [],
  );
}

/**
 * The one place that git allows for a hunk that begins with the first line, or that has no context
 * after its changes and so reaches to the end of the file (apply.c, apply_one_fragment).
 */
function anchor(hunk: StructuredPatchHunk, wanted: number, found: number): number | undefined {
  if (hunk.oldStart <= 1) return 0;
  const last = hunk.lines.findLast((line) => !line.startsWith('\\'));
  return last?.startsWith(' ') ? undefined : Math.max(found - wanted, 0);
}

/** Where most of the wanted lines stand, counted from 0; of equal places the one nearest to `stated`. */
function bestPlace(wanted: readonly { text: string }[], found: readonly string[], stated: number): number {
  let best = { at: Math.max(stated, 0), matches: 0 };
  for (let at = 0; at < found.length; at += 1) {
    const matches = wanted.filter(({ text }, index) => found[at + index] === text).length;
    const nearer = Math.abs(at - stated) < Math.abs(best.at - stated);
    if (matches > best.matches || (matches === best.matches && matches > 0 && nearer)) best = { at, matches };
  }
  return best.at;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function oldPath(patch: StructuredPatch): string | undefined {
  return pathOf(patch.oldFileName);
}

function newPath(patch: StructuredPatch): string | undefined {
  return pathOf(patch.newFileName);
}

function pathOf(name: string | undefined): string | undefined {
  return name === undefined || name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '');
}

function parse(diff: string): { patches: StructuredPatch[]; problem?: PatchProblem } {
  try {
    return { patches: parsePatch(diff) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // The parser counts from 1, and has the number in its words only: "… at line 7".
    const line = Number(/line (\d+)/.exec(said)?.[1] ?? 1);
    const message = `this is no unified diff: ${said.replace(/ at line \d+/, '').trim()}`;
    return { patches: [], problem: { line, column: 1, message, hint: recount } };
  }
}

const recount =
  'the numbers after @@ have to count the lines below them; better make the patch again: git diff --no-index OLD NEW';
