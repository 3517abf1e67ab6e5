import type { Bench, Fault, Usage } from './fault.ts';
import { runOn } from './run-on.ts';

/** None of the programs that a probe calls is there. */
export const toolsGone: Fault = {
  name: 'tools-gone',
  title: 'the programs that it calls are not there',
  effect: 'blind',
  strikes: 'before',
  cases: (bench) => {
    const usages = bench.usages.filter(({ tools }) => [...tools.values()].some((it) => it.size > 0));
    const all = byNode(usages);
    const each = (script: (path: string) => string): Promise<void> => moveAll(bench, all, script);
    return usages.length === 0
      ? []
      : [
          {
            about: [...all.keys()].join(', '),
            usages,
            inflict: () => each((it) => `mv ${it} ${it}.gone`),
            lift: () => each((it) => `if [ -e ${it}.gone ]; then mv ${it}.gone ${it}; fi`),
          },
        ];
  },
};

function byNode(usages: readonly Usage[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const { tools } of usages)
    for (const [node, paths] of tools) all.set(node, new Set([...(all.get(node) ?? []), ...paths]));
  return all;
}

async function moveAll(
  bench: Bench,
  all: ReadonlyMap<string, ReadonlySet<string>>,
  script: (path: string) => string,
): Promise<void> {
  await Promise.all([...all].map(([node, paths]) => runOn(bench, node, [...paths].map(script).join('\n'))));
}
