import { availableParallelism } from 'node:os';

import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import pc from 'picocolors';

import { type Catchers, catchersOf } from '#core/appliance/expectation.ts';
import { configurationsOf, type Proof, shardOf, verificationOf } from '#core/appliance/proof.ts';
import { newSeed, verify } from '#core/appliance/verify.ts';
import { type Cli, print, printListing } from '../cli.ts';
import { codeOverLabs, namedLabs } from '../named-labs.ts';
import { jsonOption, seedOption } from '../options.ts';
import { reportComparison } from '../report-comparison.ts';
import { reportMutants } from '../report-mutants.ts';

/** Which mutants are drawn where nobody says: always the same ones, so that results of earlier runs are of use. */
const usualSeed = 1;

export function verifyCommand(cli: Cli) {
  return new Command('verify')
    .description('the test of the labs: attacks work at the start, right fixes pass, wrong fixes are caught')
    .argument('[lab...]', 'ids of labs; all without')
    .option('--workers <n>', 'networks side by side', parsePositive, Math.min(2, availableParallelism()))
    .option('--shard <i/n>', 'only the i-th of n parts of the labs; the parts cost about the same', parseShard)
    .option('--again', 'a configuration that does not do as expected gets a second try; the output tells')
    .option('--compare-test', 'judge each configuration by `test --configs` as well, and say where both differ')
    .option('--mutants', 'change the solution of each lab a little, many times, and say which changes no check notices')
    .option('--per-lab <n>', 'with --mutants: at most so many of each lab, drawn by the seed', parsePositive, 100)
    .option('--list', 'only say which labs that would be, and how many configurations of each')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (ids, { workers, shard, again, compareTest, mutants, perLab, list, seed, json }) => {
      const appliance = await cli.appliance();
      const named = namedLabs(cli, appliance, ids);
      const labs = shard === undefined ? named : shardOf(named, shard);
      if (list === true) {
        const rows = labs.map((lab) => ({ lab: lab.id, configurations: configurationsOf(lab) }));
        printListing(cli, json, rows, ['LAB', 'CONFIGURATIONS'], (index) => {
          const row = rows[index];
          return row === undefined ? [] : [row.lab, String(row.configurations)];
        });
        return;
      }
      const colors = pc.createColors(cli.terminal.screen.color);
      await cli.terminal.during('node image', (onProgress) => appliance.image({ signal: cli.signal, onProgress }));
      if (mutants === true) {
        await reportMutants(cli, appliance, { labs, workers, perLab, seed: seed ?? usualSeed, json: json === true });
        return;
      }
      const began = Date.now();
      const drawn = seed ?? newSeed();
      if (compareTest === true) {
        await reportComparison(cli, appliance, {
          labs,
          workers,
          seed: drawn,
          again: again === true,
          json: json === true,
        });
        return;
      }
      const proofs = await verify(appliance, {
        labs,
        workers,
        again,
        seed: drawn,
        signal: cli.signal,
        onProof: (proof) => {
          if (json !== true) print(cli, line(proof, colors));
        },
      });
      cli.judged(codeOverLabs(appliance, ids, verdictCodeOf(proofs)));
      if (json === true) print(cli, JSON.stringify({ ...verificationOf(proofs), seed: drawn }, null, 2));
      else for (const text of summaryOf(proofs, Date.now() - began, drawn)) print(cli, text);
    });
}

function verdictCodeOf(proofs: readonly Proof[]): 0 | 1 | 3 {
  const failed = proofs.filter((it) => it.objections.length > 0);
  if (failed.length === 0) return 0;
  return failed.some((it) => it.findings.some((finding) => finding.verdict === 'error')) ? 3 : 1;
}

function summaryOf(proofs: readonly Proof[], durationMs: number, seed: number): string[] {
  const failed = proofs.filter((it) => it.objections.length > 0);
  const secondTries = proofs.filter((it) => it.objections.length === 0 && it.firstObjections.length > 0);
  const { onlyNamed, onlyOthers } = verificationOf(proofs);
  return [
    `\n${proofs.length} configurations of ${new Set(proofs.map((it) => it.lab)).size} labs in ${(durationMs / 1000).toFixed(0)} s, seed ${seed}`,
    ...secondTries.map(
      ({ lab, configuration, firstObjections }) =>
        `${lab} ${configuration} held at the second try only; first: ${firstObjections.join('; ')}`,
    ),
    ...proofs.flatMap(({ lab, configuration, unclean }) =>
      unclean.map(
        ({ node, difference }) =>
          `${node} had to be made anew after ${lab} ${configuration}: ${difference.slice(0, 3).join('; ') || 'the order of its rules changed'}`,
      ),
    ),
    ...listed('caught by nobody but the checks that the header names', onlyNamed),
    ...listed('caught only by checks that the header does not name', onlyOthers),
    `${proofs.length - failed.length} passed, ${failed.length} failed, 0 skipped`,
  ];
}

function listed(what: string, those: readonly string[]): string[] {
  return those.length === 0 ? [] : [`${what}, ${those.length}:`, ...those.map((it) => `  ${it}`)];
}

function line(proof: Proof, colors: ReturnType<typeof pc.createColors>): string {
  const holds = proof.objections.length === 0;
  const head = `${holds ? colors.green('✔') : colors.red('✖')} ${proof.lab.padEnd(26)} ${proof.configuration.padEnd(34)} ${colors.dim(`${(proof.durationMs / 1000).toFixed(1)} s`)}  ${proof.title}`;
  const caught = catchersOf(proof);
  if (!holds) return [head, ...proof.objections.map((it) => `    ${it}`), `    evidence: ${proof.folder}`].join('\n');
  return caught === undefined ? head : `${head}\n    ${colors.dim(catchersLine(caught))}`;
}

function catchersLine({ named: those, others }: Catchers): string {
  return others.length === 0
    ? `caught by ${those.join(', ')} alone`
    : `caught by ${those.join(', ')}, and also by ${others.join(', ')}`;
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
