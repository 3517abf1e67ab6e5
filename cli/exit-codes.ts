import { isLabError } from '#core/model/errors.ts';

/** 2 for what the caller wrote, 3 for what could not be done; verdicts have their own (`core/report/exit-code.ts`). */
export function exitCodeOfError(error: unknown): number {
  if (!isLabError(error)) return 3;
  return ['usage', 'invalid-file', 'unknown-name'].includes(error.code) ? 2 : error.code === 'cancelled' ? 130 : 3;
}
