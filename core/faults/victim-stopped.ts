import { type Fault, victimsOf } from './fault.ts';
import { stopped } from './stop-node.ts';

/** What a check is about is gone before it looks. */
export const victimStopped: Fault = {
  name: 'victim-stopped',
  title: 'what it is about does not run',
  effect: 'blind',
  strikes: 'before',
  cases: (bench) => {
    const victims = victimsOf(bench.usages);
    return victims.map((node) =>
      stopped(
        bench,
        [node],
        bench.usages.filter(({ nodes }) => nodes.at(-1) === node),
      ),
    );
  },
};
