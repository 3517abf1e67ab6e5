import pc from 'picocolors';

import type { Appliance } from '#core/appliance/appliance.ts';
import { type Catchers, catchersOf, isUnready } from '#core/appliance/expectation.ts';
import { namesOf, type Proof, verificationOf } from '#core/appliance/proof.ts';
import { type OpenRecord, recordOf } from '#core/appliance/proof-record.ts';
import { type RecordedRun, verifyOnRecord } from '#core/appliance/verify-on-record.ts';
import { verify } from '#core/appliance/verify.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Selection, Task } from '#core/proofs/select.ts';
import { type Cli, print } from './cli.ts';

export interface ProofReportOptions {
  readonly labs: readonly Lab[];
  /** What is on record of all that the labs have, and what is run of it; without it everything is run, and nothing written down. */
  readonly record: OpenRecord | undefined;
  readonly workers: number;
  readonly again: boolean;
  readonly seconds: number | undefined;
  readonly seed: number;
  readonly json: boolean;
}

/** What was left out of a run, by the reason. */
export interface LeftOut {
  readonly lab: string;
  readonly configuration: string;
  readonly why: 'time' | 'unready' | 'holds' | 'unproved';
}

/** `verify`: a line for each configuration, and what they come to. Returns the exit code of the verdict. */
export async function reportProofs(
  cli: Cli,
  appliance: Appliance,
  { labs, record, seconds, json, ...how }: ProofReportOptions,
): Promise<0 | 1 | 3> {
  const began = Date.now();
  const colors = pc.createColors(cli.terminal.screen.color);
  const options = {
    ...how,
    labs,
    seconds,
    signal: cli.signal,
    onProof: (proof: Proof) => {
      if (!json) print(cli, line(proof, colors));
    },
  };
  const today = new Date().toISOString().slice(0, 10);
  const { proofs, contradicted }: RecordedRun =
    record === undefined
      ? { proofs: await verify(appliance, options), contradicted: [] }
      : await verifyOnRecord(appliance, { all: record.all, tasks: record.selection.tasks, today }, options);
  const left = leftOut(labs, record?.selection, proofs);
  if (json) {
    const contradictions = contradicted.map((it) => ({ lab: it.lab, configuration: it.name }));
    print(
      cli,
      JSON.stringify({ ...verificationOf(proofs), seed: how.seed, contradicted: contradictions, left }, null, 2),
    );
  } else {
    const summary = [
      ...summaryOf(proofs, Date.now() - began, how.seed),
      ...contradicted.map(contradiction),
      ...skips(left, seconds),
      `${proofs.length - failedOf(proofs).length} passed, ${failedOf(proofs).length} failed, ${left.length} skipped`,
    ];
    for (const text of summary) print(cli, text);
  }
  return verdictCodeOf(proofs);
}

/** Pure. */
export function leftOut(labs: readonly Lab[], selection: Selection | undefined, proofs: readonly Proof[]): LeftOut[] {
  const asked =
    selection?.tasks.map((it) => ({ lab: it.lab, configuration: it.name })) ??
    labs.flatMap((lab) => namesOf(lab).map((configuration) => ({ lab: lab.id, configuration })));
  const isJudged = ({ lab, configuration }: { lab: string; configuration: string }): boolean =>
    proofs.some((it) => it.lab === lab && it.configuration === configuration);
  const isStuck = (lab: string): boolean => proofs.some((it) => it.lab === lab && isUnready(it));
  const of = (tasks: readonly Task[] = [], why: LeftOut['why']): LeftOut[] =>
    tasks.map((it) => ({ lab: it.lab, configuration: it.name, why }));
  return [
    ...asked
      .filter((it) => !isJudged(it))
      .map((it) => ({ ...it, why: isStuck(it.lab) ? ('unready' as const) : ('time' as const) })),
    ...of(selection?.unproved, 'unproved'),
    ...of(selection?.holding, 'holds'),
  ];
}

/** What was left out, and why. Of what holds nobody needs the names. */
function skips(left: readonly LeftOut[], seconds: number | undefined): string[] {
  const of = (why: LeftOut['why']): readonly LeftOut[] => left.filter((it) => it.why === why);
  const told = (those: readonly LeftOut[], why: string, named = true): string[] =>
    those.length === 0 ? [] : [`left out, ${why}: ${named ? byLab(those) : those.length}`];
  return [
    ...told(of('time'), `since ${seconds} s were over`),
    ...told(of('unready'), 'since the network of their lab was not complete'),
    ...told(of('unproved'), 'since nobody asked for what has no proof (--changed)'),
    ...told(of('holds'), 'since nothing that they depend on changed since they held', false),
  ];
}

/** What a run of other tasks left out, in words, and how many of them. Pure. */
export function leftOutBy(
  seconds: number | undefined,
  all: number,
  record: OpenRecord | undefined,
  done: readonly unknown[],
): { told: string[]; count: number } {
  const { tasks, holding, unproved } = record?.selection ?? { tasks: undefined, holding: [], unproved: [] };
  const late = (tasks?.length ?? all) - done.length;
  const told = [
    late === 0 ? [] : `left out, since ${seconds} s were over: ${late}`,
    unproved.length === 0 ? [] : `left out, since nobody asked for what has no proof (--changed): ${unproved.length}`,
    holding.length === 0
      ? []
      : `left out, since nothing that they depend on changed since they held: ${holding.length}`,
  ].flat();
  return { told, count: late + unproved.length + holding.length };
}

function byLab(left: readonly LeftOut[]): string {
  const labs = [...new Set(left.map((it) => it.lab))];
  return `${left.length}\n${labs.map((lab) => `  ${lab}: ${left.flatMap((it) => (it.lab === lab ? it.configuration : [])).join(' ')}`).join('\n')}`;
}

export function contradiction({ lab, name, held }: Task): string {
  return `✖ ${recordOf(lab)} says that ${name} held on ${held?.on} with all that it depends on as it is now, and it does not: that was wrong, and is taken out`;
}

function failedOf(proofs: readonly Proof[]): readonly Proof[] {
  return proofs.filter((it) => it.objections.length > 0);
}

function verdictCodeOf(proofs: readonly Proof[]): 0 | 1 | 3 {
  const failed = failedOf(proofs);
  if (failed.length === 0) return 0;
  return failed.some((it) => isUnready(it) || it.findings.some((finding) => finding.verdict === 'error')) ? 3 : 1;
}

function summaryOf(proofs: readonly Proof[], durationMs: number, seed: number): string[] {
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
  ];
}

function listed(what: string, those: readonly string[]): string[] {
  return those.length === 0 ? [] : [`${what}, ${those.length}:`, ...those.map((it) => `  ${it}`)];
}

function line(proof: Proof, colors: ReturnType<typeof pc.createColors>): string {
  const holds = proof.objections.length === 0;
  const head = `${holds ? colors.green('✔') : colors.red('✖')} ${proof.lab.padEnd(26)} ${proof.configuration.padEnd(34)} ${colors.dim(`${(proof.durationMs / 1000).toFixed(1)} s`)}  ${proof.title}`;
  const caught = catchersOf(proof);
  if (!holds) {
    const evidence = proof.folder === undefined ? [] : [`evidence: ${proof.folder}`];
    return [head, ...[...proof.objections, ...evidence].map((it) => `    ${it.replaceAll('\n', '\n    ')}`)].join('\n');
  }
  return caught === undefined ? head : `${head}\n    ${colors.dim(catchersLine(caught))}`;
}

function catchersLine({ named: those, others }: Catchers): string {
  return others.length === 0
    ? `caught by ${those.join(', ')} alone`
    : `caught by ${those.join(', ')}, and also by ${others.join(', ')}`;
}
