import type { Appliance } from '#core/appliance/appliance.ts';
import { type Repeats, verifyRepeats } from '#core/appliance/verify-repeats.ts';
import type { Lab } from '#core/model/lab.ts';
import { type Cli, print } from './cli.ts';
import { formatTable } from './table.ts';

export interface RepeatReportOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  readonly times: number;
  readonly seed: number;
  readonly json: boolean;
}

/** `verify --repeat`: what lied as it is found, and how often each verdict came. A single lie fails. */
export async function reportRepeats(
  cli: Cli,
  appliance: Appliance,
  { json, ...options }: RepeatReportOptions,
): Promise<void> {
  const all = await verifyRepeats(appliance, {
    ...options,
    signal: cli.signal,
    onRepeats: (repeats) => {
      const { lab, configuration, check, verdicts, lies } = repeats;
      if (!json) print(cli, `${lies.length === 0 ? '✔' : '✖'} ${lab} ${configuration} ${check}: ${told(verdicts)}`);
      for (const lie of json ? [] : lies) print(cli, `    ${lie}`);
    },
  });
  if (json) print(cli, JSON.stringify({ schema: 'breakwater.repeats/1', seed: options.seed, repeats: all }, null, 2));
  else print(cli, `\n${table(all)}\nseed ${options.seed}`);
  cli.judged(all.every((it) => it.lies.length === 0) ? 0 : 1);
}

function told(verdicts: Repeats['verdicts']): string {
  return [...new Set(verdicts)].map((it) => `${verdicts.filter((one) => one === it).length} ${it}`).join(', ');
}

/** For wrong and for right fixes: checks asked, and what they said. */
function table(all: readonly Repeats[]): string {
  const rowOf = (fix: Repeats['fix']): string[] => {
    const verdicts = all.filter((it) => it.fix === fix).flatMap((it) => it.verdicts);
    const of = (verdict: string): string => String(verdicts.filter((it) => it === verdict).length);
    return [`${fix} fixes`, String(verdicts.length), of('pass'), of('fail'), of('inconclusive'), of('error')];
  };
  return formatTable(['', 'ASKED', 'PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR'], [rowOf('wrong'), rowOf('right')]);
}
