import type { Complaint } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';

const fields = ['Title', 'Why', 'Reason', 'Fails'] as const;
type Field = (typeof fields)[number];

/** One field of the head of a patch, with the line (from 1) where it stands. */
export interface HeaderField {
  readonly line: number;
  readonly text: string;
}

export type PatchHeader = Partial<Record<Field, HeaderField>>;

/**
 * Reads the fields at the head of a patch: `Title:`, `Why:`, `Reason:` and `Fails:`, each up to the next field
 * or a blank line, so long ones may be wrapped. What follows the blank line is free text. Pure.
 */
export function readPatchHeader(
  lines: readonly string[],
  complain: (line: number, complaint: Complaint) => void,
): PatchHeader {
  const header: PatchHeader = {};
  let current: Field | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') break;
    const [, name, rest = ''] = /^([A-Z][A-Za-z-]*):\s*(.*)$/.exec(line) ?? [];
    const field = fields.find((known) => known === name);
    if (field !== undefined) {
      if (header[field] !== undefined)
        complain(index + 1, { message: `"${field}:" stands here a second time`, expected: 'each field once' });
      header[field] = { line: index + 1, text: rest.trim() };
      current = field;
    } else if (name !== undefined) {
      complain(index + 1, {
        message: `unknown field "${name}:"`,
        expected: `one of ${fields.map((known) => `${known}:`).join(', ')}`,
        hint: didYouMean(name, fields) ?? 'free text goes below a blank line',
      });
    } else if (current === undefined) {
      complain(index + 1, {
        message: 'the patch does not begin with its title',
        expected: 'Title: what the patch does',
      });
      break;
    } else {
      const { line: start, text } = header[current] as HeaderField;
      header[current] = { line: start, text: `${text} ${line.trim()}`.trim() };
    }
  }
  return header;
}
