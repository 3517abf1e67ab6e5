import { basename } from 'node:path';

import type { LabPatch } from '../model/lab.ts';
import { type Complaint, Complaints, fileStart, oneOf, refuse } from './complaints.ts';
import { configPathComplaint } from './config-path.ts';
import { type DiffFile, readGitDiff } from './git-diff.ts';
import { didYouMean } from './near-spelling.ts';
import { type PatchHeader, readPatchHeader } from './patch-header.ts';
import { readText, type ReadOptions } from './read-file.ts';

export interface PatchContext {
  /** Only a reject patch says which checks it fails, and only a scene why it touches nodes that are to be fixed. */
  readonly kind: 'scene' | 'break' | 'accept' | 'reject';
  /** Nodes whose configuration it may touch. */
  readonly nodes: readonly string[];
  /** Checks that `Fails:` may name; any when left out. */
  readonly checks?: readonly string[];
  /** Nodes where the trainee works: a scene keeps away from them, or gives a reason. None when left out. */
  readonly fixed?: readonly string[];
}

/** Reads a patch of a lab: a head (`Title:`, `Why:`, `Reason:`, `Fails:`), a blank line, a diff in git's form. @throws DiagnosticsError */
export function loadPatch(file: string, context: PatchContext, options?: ReadOptions): LabPatch {
  return parsePatch(file, readText(file, options), context);
}

/** The same from a text. Pure. @throws DiagnosticsError with the first wrong line of each file of the diff */
export function parsePatch(file: string, text: string, context: PatchContext): LabPatch {
  const complaints = new Complaints();
  const complain = (line: number, complaint: Complaint): void => complaints.add(file, { line, column: 1 }, complaint);
  const lines = text.split('\n');
  if (lines[0]?.endsWith('\r') === true) {
    refuse(file, fileStart, {
      message: 'lines end with a carriage return',
      expected: 'lines that end as on Unix',
      hint: `sed -i 's/\\r$//' ${basename(file)}`,
    });
  }
  const begin = lines.findIndex((line) => line.startsWith('diff --git '));
  const head = begin < 0 ? lines : lines.slice(0, begin);

  const header = readPatchHeader(head, complain);
  complainOfHeader(header, context, complain);
  if (begin < 0)
    complain(lines.length, {
      message: 'the patch has no diff',
      expected: 'diff --git a/<node>/etc/… b/<node>/etc/…',
      hint: 'make it with git diff',
    });
  const diffLine = head.findIndex((line) => /^(?:--- |\+\+\+ |@@ )/.test(line));
  if (diffLine >= 0)
    complain(diffLine + 1, {
      message: 'a diff that is not in git’s form',
      expected: 'diff --git a/<node>/etc/… b/<node>/etc/… above it',
      hint: 'make it with git diff',
    });

  const files = begin < 0 ? [] : readGitDiff(lines, begin, complain);
  complainOfPaths(files, context.nodes, complain);
  if (context.kind === 'scene') complainOfFixedNodes(files, header, context.fixed ?? [], complain);
  complaints.end();
  return {
    name: basename(file, '.patch'),
    file,
    title: header.Title?.text ?? '',
    why: header.Why?.text ?? '',
    fails: failsOf(header),
    ...(header.Reason === undefined ? {} : { reason: header.Reason.text }),
    diff: lines.slice(begin).join('\n'),
    paths: files.map(({ path }) => path),
  };
}

function complainOfHeader(
  header: PatchHeader,
  { kind, checks }: PatchContext,
  complain: (line: number, complaint: Complaint) => void,
): void {
  for (const [field, what] of [
    ['Title', 'what the patch does, in a few words'],
    ['Why', 'why it is right or wrong, in a sentence'],
  ] as const) {
    if (header[field] === undefined) complain(1, { message: `"${field}:" is missing`, expected: `${field}: ${what}` });
    else if (header[field].text === '')
      complain(header[field].line, { message: `"${field}:" is empty`, expected: what });
  }
  const { Fails: fails, Reason: reason } = header;
  if (reason !== undefined && kind !== 'scene')
    complain(reason.line, { message: '"Reason:" in a patch that is no scene', hint: 'remove the line' });
  else if (reason?.text === '')
    complain(reason.line, {
      message: '"Reason:" is empty',
      expected: 'why the scene touches a node that is to be fixed',
    });
  if (kind !== 'reject') {
    if (fails !== undefined)
      complain(fails.line, { message: `"Fails:" in a patch that is not below reject/`, hint: 'remove the line' });
    return;
  }
  if (fails === undefined || fails.text === '')
    complain(fails?.line ?? 1, {
      message: '"Fails:" is missing',
      expected: 'Fails: ids of checks of which at least one must fail',
    });
  for (const id of failsOf(header)) {
    if (checks === undefined || checks.includes(id)) continue;
    complain(fails?.line ?? 1, {
      message: `the lab has no check "${id}"`,
      expected: oneOf(checks),
      hint: didYouMean(id, checks),
    });
  }
}

/** What a scene brings to a node where the trainee works, whoever brings whole files for that node takes away again. */
function complainOfFixedNodes(
  files: readonly DiffFile[],
  header: PatchHeader,
  fixed: readonly string[],
  complain: (line: number, complaint: Complaint) => void,
): void {
  if (header.Reason !== undefined) return;
  for (const { path, line } of files) {
    const node = path.split('/')[0] ?? '';
    if (fixed.includes(node))
      complain(line, {
        message: `the scene touches ${node}, where the lab expects the fix`,
        expected: 'a scene on other nodes, or Reason: why it has to be here',
        hint: 'what is to be fixed belongs into break.patch',
      });
  }
}

function failsOf({ Fails: fails }: PatchHeader): string[] {
  return (fails?.text ?? '').split(/[\s,]+/).filter((id) => id !== '');
}

function complainOfPaths(
  files: readonly DiffFile[],
  nodes: readonly string[],
  complain: (line: number, complaint: Complaint) => void,
): void {
  const first = new Map<string, number>();
  for (const { path, line } of files) {
    const wrong = configPathComplaint(path, nodes, 'the lab');
    if (wrong !== undefined) complain(line, wrong);
    const before = first.get(path);
    if (before === undefined) first.set(path, line);
    else
      complain(line, {
        message: `${path} is changed a second time`,
        expected: 'one diff of each file',
        hint: `the first begins in line ${before}`,
      });
  }
}
