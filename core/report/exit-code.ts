import type { Run } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';

/** Exit codes of `check`, `test` and `verify`; 2 (usage, invalid file) is not a matter of a run. */
export const exitCodes = { pass: 0, fail: 1, inconclusive: 3, error: 3 } as const satisfies Record<Verdict, number>;

/** 130 is what a shell says of a program that Ctrl-C ended: 128 + SIGINT. */
export function exitCodeOf(run: Pick<Run, 'verdict' | 'interrupted'>): number {
  return run.interrupted ? 130 : exitCodes[run.verdict];
}
