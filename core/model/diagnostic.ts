import { visible } from './visible.ts';

/** A complaint about a file that a person wrote. Lines and columns count from 1. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What to do next: a command or an edit. */
  readonly hint?: string;
}

/** Two or three lines, the first in the form that editors and CI annotators recognise: `file:line:column message`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message, expected, hint } = diagnostic;
  // A file may be called anything; its place stands in one line all the same.
  const lines = [`${visible(file).replaceAll('\n', '\\u000a')}:${line}:${column} ${message}`];
  if (expected !== undefined) lines.push(`  expected ${expected}`);
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return visible(lines.join('\n'));
}
