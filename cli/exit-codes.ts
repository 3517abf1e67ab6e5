import { isLabError } from '#core/model/errors.ts';

/** What a command ended with. A verdict says what was found; another code, that the command did what it was asked. */
export interface Outcome {
  readonly code: number;
  readonly judged: boolean;
}

/** Output that nobody gets is no success of a command that only prints. A verdict stands: it is told by its code and its files. */
export function exitCodeAtEnd({ code, judged }: Outcome, loss: Error | undefined): number {
  return loss !== undefined && !judged && code === 0 ? 3 : code;
}

/** 2 for what the caller wrote, 3 for what could not be done; verdicts have their own (`core/report/exit-code.ts`). */
export function exitCodeOfError(error: unknown): number {
  if (!isLabError(error)) return 3;
  return ['usage', 'invalid-file', 'unknown-name'].includes(error.code) ? 2 : error.code === 'cancelled' ? 130 : 3;
}
