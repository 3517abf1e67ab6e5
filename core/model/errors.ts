import type { Diagnostic } from './diagnostic.ts';

/** Closed set of reasons why the appliance could not do its work. Callers switch on it, never on text. */
export type ErrorCode =
  | 'busy'
  | 'cancelled'
  | 'command-failed'
  | 'image-missing'
  | 'invalid-file'
  | 'lab-not-running'
  | 'lab-running'
  | 'missing-tool'
  | 'not-ready'
  | 'timeout'
  | 'unknown-name'
  | 'usage'
  | 'workspace';

/**
 * An error with a next step. `message` says what was found and what was expected; `hint` is a
 * command or an action the reader can take. A failed check is a verdict, never an error.
 */
export class LabError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'LabError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** One or more complaints about files, collected over a whole phase so that a user mends them in one go. */
export class DiagnosticsError extends LabError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super('invalid-file', `${diagnostics.length} problem${diagnostics.length === 1 ? '' : 's'} found`);
    this.name = 'DiagnosticsError';
    this.diagnostics = diagnostics;
  }
}

/** Errors that a person or a machine outside our code caused; everything else is a bug and keeps its stack. */
export function isLabError(error: unknown): error is LabError {
  return error instanceof LabError;
}
