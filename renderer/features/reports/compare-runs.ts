import type { Run } from '#core/model/run.ts';
import { type Verdict, worstVerdict } from '#core/model/verdict.ts';

interface ComparedCheck {
  readonly lab: string;
  readonly check: string;
  readonly title: string;
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
  readonly change: 'better' | 'worse' | 'same' | 'new' | 'gone';
}

/** All checks of either run, what changed first. */
export function compareRuns(before: Run, after: Run): readonly ComparedCheck[] {
  const old = verdictsOf(before);
  const recent = verdictsOf(after);
  const rows = [...new Map([...old, ...recent])].map(([key, { lab, check, title }]): ComparedCheck => {
    const a = old.get(key)?.verdict;
    const b = recent.get(key)?.verdict;
    return { lab, check, title, before: a, after: b, change: changeOf(a, b) };
  });
  const rank = { worse: 0, better: 1, new: 2, gone: 3, same: 4 };
  return rows.toSorted((a, b) => rank[a.change] - rank[b.change]);
}

function changeOf(before: Verdict | undefined, after: Verdict | undefined): ComparedCheck['change'] {
  if (before === undefined) return 'new';
  if (after === undefined) return 'gone';
  if (before === after) return 'same';
  return worstVerdict([before, after]) === after ? 'worse' : 'better';
}

function verdictsOf(run: Run) {
  return new Map(
    run.labs.flatMap(({ lab, findings, afterRestart }) =>
      findings.map(({ check, title, verdict }) => {
        const again = afterRestart.filter((it) => it.check === check).map((it) => it.verdict);
        return [`${lab}/${check}`, { lab, check, title, verdict: worstVerdict([verdict, ...again]) }] as const;
      }),
    ),
  );
}
