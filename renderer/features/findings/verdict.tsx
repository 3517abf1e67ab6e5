import './verdict.css';

import { Check, CircleQuestionMark, TriangleAlert, X } from 'lucide-react';

import type { Verdict } from '#core/model/verdict.ts';
import type { Outcome } from '#core/model/wording.ts';

/** The glyphs of the reports as drawings: not every computer has a face with them. */
const signs = { pass: Check, fail: X, inconclusive: CircleQuestionMark, error: TriangleAlert } as const;
const likes = { good: 'pass', bad: 'fail', unseen: 'inconclusive' } as const;

/** A verdict by colour, sign and word. */
export function VerdictMark({ verdict, bare = false }: { readonly verdict: Verdict; readonly bare?: boolean }) {
  return (
    <span className={`verdict ${verdict}`}>
      <Sign verdict={verdict} />
      <span className={bare ? 'unseen' : undefined}>{verdict}</span>
    </span>
  );
}

/** What became of one attempt. */
export function OutcomeMark({ outcome: { tone, word } }: { readonly outcome: Outcome }) {
  return (
    <span className="verdict">
      <Sign verdict={likes[tone]} /> {word}
    </span>
  );
}

function Sign({ verdict }: { readonly verdict: Verdict }) {
  const Icon = signs[verdict];
  const heavy = verdict === 'pass' || verdict === 'fail';
  return <Icon className="sign" size="1.1em" strokeWidth={heavy ? 3.2 : 2.4} aria-hidden />;
}
