import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';

/** Where something stands in a text. Lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is said about a place; the parts of a diagnostic that are not the place. */
export interface Complaint {
  readonly message: string;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** After so many complaints about one file a reader has enough to do; more are not kept. */
export const complaintLimit = 100;

export const fileStart: Position = { line: 1, column: 1 };

/**
 * The complaints of one phase. They are collected so that a user mends them in one go: readers go
 * on as long as that makes sense, and the phase ends with {@link Complaints.end}.
 */
export class Complaints {
  readonly #found: Diagnostic[] = [];
  readonly #count = new Map<string, number>();
  readonly #said = new Set<string>();

  get any(): boolean {
    return this.#found.length > 0;
  }

  add(file: string, { line, column }: Position, { message, expected, hint }: Complaint): void {
    // What many nodes inherit is wrong once.
    const said = JSON.stringify([file, line, column, message]);
    if (this.#said.has(said)) return;
    this.#said.add(said);
    const count = (this.#count.get(file) ?? 0) + 1;
    this.#count.set(file, count);
    if (count > complaintLimit) return;
    this.#found.push({
      file,
      line,
      column,
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Runs one part of the phase; its complaints join the others, and its result is undefined then. */
  collect<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      this.#found.push(...error.diagnostics);
      return undefined;
    }
  }

  /** Every complaint so far, in the order of files and lines. */
  found(): readonly Diagnostic[] {
    return this.#found.toSorted(byPlace);
  }

  /** Ends the phase. @throws DiagnosticsError with every complaint, in the order of files and lines. */
  end(): void {
    if (this.any) throw new DiagnosticsError(this.found());
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** A choice in words, for `expected`; undefined when there is none. Long lists are cut. */
export function oneOf(names: readonly string[]): string | undefined {
  if (names.length <= 1) return names[0];
  return `one of ${names.slice(0, 32).join(', ')}${names.length > 32 ? ', …' : ''}`;
}

/** One complaint that ends everything. */
export function refuse(file: string, position: Position, complaint: Complaint): never {
  const complaints = new Complaints();
  complaints.add(file, position, complaint);
  complaints.end();
  throw new Error('unreachable: a complaint was added');
}
