import { availableParallelism } from 'node:os';

import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';

import { configurationsOf, shardOf } from '#core/appliance/proof.ts';
import { openRecord } from '#core/appliance/proof-record.ts';
import { newSeed } from '#core/appliance/verify.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Reason, Selection } from '#core/proofs/select.ts';
import { type Cli, printListing } from '../cli.ts';
import { codeOverLabs, namedLabs } from '../named-labs.ts';
import { jsonOption, seedOption } from '../options.ts';
import { reportComparison } from '../report-comparison.ts';
import { reportFaults } from '../report-faults.ts';
import { reportMutants } from '../report-mutants.ts';
import { reportProofs } from '../report-proofs.ts';
import { reportRepeats } from '../report-repeats.ts';

/** Which mutants are drawn where nobody says: always the same ones, so that results of earlier runs are of use. */
const usualSeed = 1;

export function verifyCommand(cli: Cli) {
  return new Command('verify')
    .description('the test of the labs: attacks work at the start, right fixes pass, wrong fixes are caught')
    .argument('[lab...]', 'ids of labs; all without')
    .option('--workers <n>', 'networks side by side', parsePositive, Math.min(2, availableParallelism()))
    .option('--shard <i/n>', 'only the i-th of n parts of the labs; the parts cost about the same', parseShard)
    .option('--again', 'a configuration that does not do as expected gets a second try; the output tells')
    .addOption(onRecord('--changed', 'only what has no proof in proofs/ of all that it depends on now; --record'))
    .addOption(
      onRecord('--rotate <n>', 'so many that have such a proof, once more, before all others; --record').argParser(
        parsePositive,
      ),
    )
    .addOption(onRecord('--record', 'write down in proofs/ what held, and take out what did not'))
    .addOption(onRecord('--for <seconds>', 'begin no configuration after that').argParser(parsePositive))
    .option('--compare-test', 'judge each configuration by `test --configs` as well, and say where both differ')
    .option('--mutants', 'change the solution of each lab a little, many times, and say which changes no check notices')
    .option('--faults', 'have tools, captures, nodes and links fail, and say which checks give a verdict all the same')
    .addOption(
      new Option(
        '--repeat <n>',
        'ask the checks of attacks n times of each right and wrong fix, on a busy computer, and say which verdicts lied',
      )
        .argParser(parsePositive)
        .conflicts(['compareTest', 'mutants', 'faults', 'changed', 'rotate', 'record', 'for']),
    )
    .option('--per-lab <n>', 'with --mutants: at most so many of each lab, drawn by the seed', parsePositive, 100)
    .option('--list', 'only say which labs that would be, and how many configurations of each')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (ids, { workers, shard, again, mutants, faults, repeat, perLab, list, seed, json, ...options }) => {
      const appliance = await cli.appliance();
      const named = namedLabs(cli, appliance, ids);
      const labs = shard === undefined ? named : shardOf(named, shard);
      const drawn = seed ?? newSeed();
      const { changed = false, rotate = 0, record: kept = false } = options;
      const record =
        changed || rotate > 0 || kept
          ? await openRecord(appliance, labs, {
              of: faults === true ? 'faults' : 'configurations',
              changed,
              rotate,
              seed: drawn,
            })
          : undefined;
      if (list === true) {
        printList(cli, json, labs, record?.selection);
        return;
      }
      await cli.terminal.during('node image', (onProgress) => appliance.image({ signal: cli.signal, onProgress }));
      const common = { labs, workers, json: json === true };
      if (mutants === true) await reportMutants(cli, appliance, { ...common, perLab, seed: seed ?? usualSeed });
      else if (repeat !== undefined) await reportRepeats(cli, appliance, { ...common, times: repeat, seed: drawn });
      else if (faults === true)
        await reportFaults(cli, appliance, { ...common, record, seconds: options.for, seed: drawn });
      else if (options.compareTest === true)
        await reportComparison(cli, appliance, { ...common, seed: drawn, again: again === true });
      else {
        const code = await reportProofs(cli, appliance, {
          ...common,
          record,
          again: again === true,
          seconds: options.for,
          seed: drawn,
        });
        cli.judged(codeOverLabs(appliance, ids, code));
      }
    });
}

/** An option for what is on record: configurations, and with `--faults` what checks say when they cannot see. */
function onRecord<Flags extends string>(flags: Flags, description: string): Option<Flags> {
  return new Option(flags, description).conflicts(['compareTest', 'mutants']);
}

function printList(cli: Cli, json: boolean | undefined, labs: readonly Lab[], selection: Selection | undefined): void {
  if (selection === undefined) {
    const rows = labs.map((lab) => ({ lab: lab.id, configurations: configurationsOf(lab) }));
    printListing(cli, json, rows, ['LAB', 'CONFIGURATIONS'], (index) => {
      const row = rows[index];
      return row === undefined ? [] : [row.lab, String(row.configurations)];
    });
    return;
  }
  const rows = [...new Set(selection.tasks.map((it) => it.lab))].map((lab) => {
    const tasks = selection.tasks.filter((it) => it.lab === lab);
    const named = (reason: Reason): string[] => tasks.filter((it) => it.reason === reason).map((it) => it.name);
    return { lab, configurations: tasks.length, new: named('new'), changed: named('changed'), again: named('again') };
  });
  printListing(cli, json, rows, ['LAB', 'CONFIGURATIONS', 'WHY'], (index) => {
    const row = rows[index];
    if (row === undefined) return [];
    const why = (['new', 'changed', 'again'] as const).flatMap((it) =>
      row[it].length === 0 ? [] : `${row[it].length} ${it}`,
    );
    return [row.lab, String(row.configurations), why.join(', ')];
  });
}

function parsePositive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number from 1.');
  return number;
}

function parseShard(text: string): { index: number; count: number } {
  const [index = 0, count = 0] = text.split('/').map(Number);
  if (!Number.isInteger(index) || !Number.isInteger(count) || index < 1 || index > count)
    throw new InvalidArgumentError('expected i/n with 1 ≤ i ≤ n, such as 1/3.');
  return { index, count };
}
