import { compareWithTest, type Comparison, type Difference } from '#core/appliance/compare-test.ts';
import type { Appliance } from '#core/appliance/appliance.ts';
import type { Lab } from '#core/model/lab.ts';
import { type Cli, print } from './cli.ts';

/** Prints whether `verify` and `test --configs` come to the same verdicts, configuration by configuration. */
export async function reportComparison(
  cli: Cli,
  appliance: Appliance,
  { json, ...options }: { labs: readonly Lab[]; workers: number; seed: number; again: boolean; json: boolean },
): Promise<void> {
  const comparisons = await compareWithTest(appliance, {
    ...options,
    signal: cli.signal,
    onComparison: (it) => {
      if (!json) print(cli, told(it));
    },
  });
  const apart = comparisons.filter((it) => it.differences.length > 0);
  cli.judged(apart.length === 0 ? 0 : 1);
  if (json)
    print(cli, JSON.stringify({ schema: 'breakwater.compare-test/1', seed: options.seed, comparisons }, null, 2));
  else
    print(
      cli,
      `\n${comparisons.length} configurations judged by verify and by test, seed ${options.seed}\n${comparisons.length - apart.length} passed, ${apart.length} failed, 0 skipped`,
    );
}

function told({ lab, configuration, differences, firstDifferences, refusal, durationMs }: Comparison): string {
  const head = `${differences.length === 0 ? '✔' : '✖'} ${lab.padEnd(26)} ${configuration.padEnd(34)} ${(durationMs / 1000).toFixed(1)} s`;
  return [
    head,
    ...(refusal === undefined ? [] : [`    test does not judge it: ${refusal.replaceAll('\n', '\n    ')}`]),
    ...differences.map((it) => `    ${sentence(it)}`),
    ...firstDifferences.map((it) => `    at the first try: ${sentence(it)}`),
  ].join('\n');
}

function sentence({ check, verify, test }: Difference): string {
  return `${check}: verify says ${verify ?? 'nothing'}, test says ${test ?? 'nothing'}`;
}
