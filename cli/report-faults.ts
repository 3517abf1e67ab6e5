import pc from 'picocolors';

import type { Appliance } from '#core/appliance/appliance.ts';
import type { OpenRecord } from '#core/appliance/proof-record.ts';
import type { FaultTrial } from '#core/appliance/try-faults.ts';
import { verifyFaultsOnRecord } from '#core/appliance/verify-on-record.ts';
import { type FaultProof, verifyFaults } from '#core/appliance/verify-faults.ts';
import type { Lab } from '#core/model/lab.ts';
import { type Cli, print } from './cli.ts';
import { contradiction, leftOutBy } from './report-proofs.ts';
import { formatTable } from './table.ts';

export interface FaultReportOptions {
  readonly labs: readonly Lab[];
  readonly record: OpenRecord | undefined;
  readonly workers: number;
  readonly seconds: number | undefined;
  readonly seed: number;
  readonly json: boolean;
}

/** `verify --faults`: a line for the start and the solution of each lab, what was no honest verdict, and a table of the faults. */
export async function reportFaults(
  cli: Cli,
  appliance: Appliance,
  { labs, record, seconds, json, ...how }: FaultReportOptions,
): Promise<void> {
  const began = Date.now();
  const colors = pc.createColors(cli.terminal.screen.color);
  const options = {
    ...how,
    labs,
    seconds,
    signal: cli.signal,
    onProof: (proof: FaultProof) => {
      if (!json) print(cli, line(proof, colors));
    },
  };
  const today = new Date().toISOString().slice(0, 10);
  const { proofs, contradicted } =
    record === undefined
      ? { proofs: await verifyFaults(appliance, options), contradicted: [] }
      : await verifyFaultsOnRecord(appliance, { all: record.all, tasks: record.selection.tasks, today }, options);
  const failed = proofs.filter((it) => it.objections.length > 0);
  if (json)
    print(cli, JSON.stringify({ schema: 'breakwater.faults/1', seed: how.seed, proofs: proofs.map(asData) }, null, 2));
  else {
    const { told, count } = leftOutBy(seconds, labs.length * 2, record, proofs);
    const asked = proofs.flatMap((it) => it.trials.flatMap((trial) => trial.findings)).length;
    for (const text of [
      `\n${table(proofs)}`,
      `${asked} checks asked in ${((Date.now() - began) / 1000).toFixed(0)} s, seed ${how.seed}`,
      ...contradicted.map(contradiction),
      ...told,
      `${proofs.length - failed.length} passed, ${failed.length} failed, ${count} skipped`,
    ])
      print(cli, text);
  }
  cli.judged(failed.length === 0 ? 0 : 1);
}

function line(
  { lab, name, trials, objections, durationMs }: FaultProof,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const mark = objections.length === 0 ? colors.green('✔') : colors.red('✖');
  const head = `${mark} ${lab.padEnd(34)} ${name.padEnd(16)} ${colors.dim(`${(durationMs / 1000).toFixed(1)} s`)}  ${trials.length} trials`;
  return [head, ...objections.map((it) => `    ${it.replaceAll('\n', '\n    ')}`)].join('\n');
}

function asData({ trials, ...proof }: FaultProof): object {
  return {
    ...proof,
    trials: trials.map(({ findings, ...trial }) => ({
      ...trial,
      verdicts: Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict])),
    })),
  };
}

/** For each fault and each ground: how many checks were asked, and what they said. */
function table(proofs: readonly FaultProof[]): string {
  const rows = proofs.flatMap(({ ground, trials }) => trials.map((trial) => ({ ground, ...trial })));
  const names = [...new Set(rows.map((it) => it.fault))];
  return formatTable(
    ['FAULT', 'AT THE', 'ASKED', 'PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'NOT HONEST'],
    names.flatMap((fault) =>
      (['start', 'solution'] as const).flatMap((ground) => {
        const those = rows.filter((it) => it.fault === fault && it.ground === ground);
        return those.length === 0 ? [] : [rowOf(fault, ground, those)];
      }),
    ),
  );
}

function rowOf(fault: string, ground: string, trials: readonly FaultTrial[]): string[] {
  const findings = trials.flatMap((it) => it.findings);
  const of = (verdict: string): string => String(findings.filter((it) => it.verdict === verdict).length);
  const lies = trials.flatMap((it) => it.objections).length;
  return [
    fault,
    ground,
    String(findings.length),
    of('pass'),
    of('fail'),
    of('inconclusive'),
    of('error'),
    String(lies),
  ];
}
