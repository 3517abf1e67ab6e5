import { z } from 'zod';

import { DiagnosticsError, isLabError } from '#core/model/errors.ts';
import type { Failure } from '../contract/failure.ts';

/** An error as it crosses to the renderer. What nobody foresaw is a fault of ours and keeps its stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DiagnosticsError) {
    const [first] = error.diagnostics;
    return {
      code: error.code,
      message: [error.message, ...error.diagnostics.map((it) => it.message)].join('\n'),
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
      at: error.diagnostics.map(({ file, line, column }) => ({ file, line, column })),
    };
  }
  if (isLabError(error))
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return { code: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** What is wrong with the arguments of a call. */
export function malformed(what: string, error: z.ZodError): Failure {
  return { code: 'malformed', message: `${what}: ${z.prettifyError(error)}` };
}
