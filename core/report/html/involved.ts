import type { Plan } from '../../model/plan.ts';
import type { Run } from '../../model/run.ts';
import { targetsOf } from '../../model/target.ts';

/** The nodes between which something was tried, in whatever words the attempts name them. */
export function nodesOf(run: Run, plan: Plan): ReadonlySet<string> {
  const targets = targetsOf(plan);
  const ends = run.labs
    .flatMap((lab) => [...lab.findings, ...lab.afterRestart])
    .flatMap((it) => it.attempts)
    .flatMap(({ from, to }) => [from, ...targets.nodesOf(to)]);
  return new Set(ends.filter((it) => plan.nodes[it] !== undefined));
}
