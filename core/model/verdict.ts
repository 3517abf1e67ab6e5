import { z } from 'zod';

/** The judgement of a check or a run, after TTCN-3 (ETSI ES 201 873-1 §24). */
export const Verdict = z.enum(['pass', 'inconclusive', 'fail', 'error']);
export type Verdict = z.infer<typeof Verdict>;

const severity: Record<Verdict, number> = { pass: 0, inconclusive: 1, fail: 2, error: 3 };

/** The overall verdict: error > fail > inconclusive > pass. Nothing judged is `inconclusive`, never `pass`. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'inconclusive';
  return verdicts.reduce((worst, verdict) => (severity[verdict] > severity[worst] ? verdict : worst));
}
