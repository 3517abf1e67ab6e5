import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError, LabError } from '../model/errors.ts';
import { Run } from '../model/run.ts';
import { runFile } from './run-folder.ts';

export interface StoredRuns {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Runs that cannot be read: killed before their end, written by another version, or damaged. */
  readonly unreadable: readonly Diagnostic[];
}

/** All earlier runs below `results`. One that cannot be read does not hide the others. */
export async function listRuns(results: string): Promise<StoredRuns> {
  const runs: Run[] = [];
  const unreadable: Diagnostic[] = [];
  for (const id of (await runIds(results)).toReversed()) {
    const run = await readRun(results, id);
    if ('schema' in run) runs.push(run);
    else unreadable.push(run);
  }
  return { runs, unreadable };
}

/**
 * One earlier run; `latest` is the newest that can be read.
 * @throws LabError `unknown-name`; DiagnosticsError when it is there and cannot be read.
 */
export async function loadRun(results: string, id: string): Promise<Run> {
  if (id === 'latest') {
    const { runs, unreadable } = await listRuns(results);
    if (runs[0] !== undefined) return runs[0];
    if (unreadable.length > 0) throw new DiagnosticsError(unreadable);
    throw new LabError('unknown-name', `there are no runs in ${results} yet`, { hint: 'breakwater check' });
  }
  if (!(await runIds(results)).includes(id))
    throw new LabError('unknown-name', `there is no run ${id} in ${results}`, { hint: `ls ${results}` });
  const run = await readRun(results, id);
  if ('schema' in run) return run;
  throw new DiagnosticsError([run]);
}

const idPattern = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/;

async function runIds(results: string): Promise<string[]> {
  try {
    const entries = await readdir(results, { withFileTypes: true });
    return entries
      .filter((it) => it.isDirectory() && idPattern.test(it.name))
      .map((it) => it.name)
      .toSorted();
  } catch (error) {
    // Before the first run there is no folder, and nothing to list.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readRun(results: string, id: string): Promise<Run | Diagnostic> {
  const file = join(results, id, runFile);
  const complaint = (message: string): Diagnostic => ({
    file,
    line: 1,
    column: 1,
    message,
    expected: 'a run as breakwater.run/1 describes it',
    hint: `rm -r ${join(results, id)}, unless its evidence is still wanted`,
  });

  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return complaint(code === 'ENOENT' ? 'is not there: the run was killed before its end' : message);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return complaint(`is not JSON: ${(error as Error).message}`);
  }
  const parsed = Run.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return complaint(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'is not a run'}`);
}
