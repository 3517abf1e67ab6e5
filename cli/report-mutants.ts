import type { Appliance } from '#core/appliance/appliance.ts';
import { type Trial, verifyMutants } from '#core/appliance/verify-mutants.ts';
import type { Lab } from '#core/model/lab.ts';
import { type Cli, print } from './cli.ts';
import { formatTable } from './table.ts';

export interface MutantReportOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  readonly perLab: number;
  readonly seed: number;
  readonly json: boolean;
}

/** `verify --mutants`: survivors as they are found, and a table at the end. A survivor without a reason fails. */
export async function reportMutants(
  cli: Cli,
  appliance: Appliance,
  { json, ...options }: MutantReportOptions,
): Promise<void> {
  let asked = 0;
  const trials = await verifyMutants(appliance, {
    ...options,
    signal: cli.signal,
    onTrial: (trial) => {
      asked += 1;
      if (isSurvivor(trial) && !json) print(cli, `✖ ${trial.lab}  ${told(trial)}`);
      else if (asked % 25 === 0) cli.terminal.errors.write(`${asked} mutants asked, the last of ${trial.lab}\n`);
    },
  });
  if (json) print(cli, JSON.stringify(trials.map(asData), null, 2));
  else print(cli, `\n${table(trials)}`);
  const survivors = trials.filter(isSurvivor).length;
  if (!json) print(cli, `${trials.length - survivors} passed, ${survivors} failed, 0 skipped`);
  cli.judged(survivors === 0 ? 0 : 1);
}

function isSurvivor({ result, equivalent }: Trial): boolean {
  return result.outcome === 'survived' && equivalent === undefined;
}

function told({ mutant }: Trial): string {
  const { path, line, operator, was, becomes } = mutant;
  return `${path}:${line}  ${operator}\n    was:     ${was}\n    becomes: ${becomes === '' ? '(nothing)' : becomes}`;
}

function asData({ lab, mutant, result, equivalent, durationMs }: Trial): object {
  const { text: _text, ...change } = mutant;
  return { lab, ...change, ...result, equivalent, durationMs };
}

/** Made, caught, equivalent, survived and seconds a mutant, for each lab and in all. */
function table(trials: readonly Trial[]): string {
  const labs = [...new Set(trials.map((it) => it.lab))].toSorted();
  const rows = labs.map((lab) =>
    rowOf(
      lab,
      trials.filter((it) => it.lab === lab),
    ),
  );
  return formatTable(
    ['LAB', 'MADE', 'CAUGHT', 'EQUIVALENT', 'SURVIVED', 'SECONDS EACH'],
    [...rows, ...(labs.length > 1 ? [rowOf('all', trials)] : [])],
  );
}

function rowOf(name: string, trials: readonly Trial[]): string[] {
  const times = trials.flatMap((it) => it.durationMs ?? []);
  const seconds = times.reduce((sum, it) => sum + it, 0) / 1000 / Math.max(1, times.length);
  return [
    name,
    String(trials.length),
    String(trials.filter((it) => it.result.outcome === 'caught').length),
    String(trials.filter((it) => it.result.outcome === 'survived' && it.equivalent !== undefined).length),
    String(trials.filter(isSurvivor).length),
    times.length === 0 ? 'known' : seconds.toFixed(1),
  ];
}
