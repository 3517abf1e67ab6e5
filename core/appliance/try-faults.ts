import { setTimeout as sleep } from 'node:timers/promises';

import pLimit from 'p-limit';

import { runCheck } from '../checks/check.ts';
import { forgetClients } from '../daemons/forget.ts';
import { faults } from '../faults/all.ts';
import type { Bench, Case, Fault, Usage } from '../faults/fault.ts';
import { type Ground, objectionTo } from '../faults/objections.ts';
import { recorderOf, toolsAmong } from '../faults/usage.ts';
import type { Check, Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/run.ts';
import { probes } from '../probes/registry.ts';
import { drawsFrom } from '../run/draws.ts';
import type { Network } from '../runtime/runtime.ts';
import { awaitReady } from './ready.ts';

/** What the checks of a lab said while one thing went wrong in one place. */
export interface FaultTrial {
  readonly fault: string;
  readonly about: string;
  readonly findings: readonly Finding[];
  /** Verdicts that were no honest ones. */
  readonly objections: readonly string[];
}

export interface FaultOptions {
  readonly network: Network;
  readonly plan: Plan;
  readonly seed: number;
  readonly signal: AbortSignal;
  nonce(): string;
  clock(): number;
}

/** So many checks at once, as in a run of the lab. */
const concurrency = 4;

/**
 * Has one thing after the other go wrong on a network that stands at the start or at the solution of a lab, and asks
 * the checks each time; the first trial is the one without a fault, whose verdicts have to be the usual ones.
 */
export async function* tryFaults(lab: Lab, ground: Ground, options: FaultOptions): AsyncGenerator<FaultTrial> {
  const { network, plan, seed, signal } = options;
  const { usages, findings } = await lookAround(lab, options);
  const wanted = ({ kind }: Finding): string => (ground === 'solution' || kind === 'service' ? 'pass' : 'fail');
  const unsound = findings.filter((it) => it.verdict !== wanted(it));
  yield {
    fault: 'none',
    about: 'nothing',
    findings,
    objections: unsound.map((it) => `${it.check} is ${it.verdict} without any fault: ${it.reason}`),
  };
  if (unsound.length > 0) return;
  const bench: Bench = {
    network,
    usages,
    signal,
    recreate: async (nodes) => {
      await network.recreate(nodes, signal);
      await awaitReady(network, plan, { nodes: lab.nodes, signal });
    },
  };
  const draws = drawsFrom(seed, `${lab.id}/faults/${ground}`);
  for (const fault of faults)
    for (const one of fault.cases(bench)) {
      signal.throwIfAborted();
      // Anywhere in the time that these checks take when nothing is wrong.
      const usualMs = Math.max(...one.usages.map(({ check }) => durationOf(findings, check)));
      const delayMs = fault.strikes === 'during' ? draws.below(Math.max(1, Math.round(usualMs))) : undefined;
      yield await tryOne(lab, ground, { fault, one, delayMs, options });
    }
}

interface Trial {
  readonly fault: Fault;
  readonly one: Case;
  /** Undefined: the fault is there before the checks begin. */
  readonly delayMs: number | undefined;
  readonly options: FaultOptions;
}

async function tryOne(lab: Lab, ground: Ground, { fault, one, delayMs, options }: Trial): Promise<FaultTrial> {
  const { network, signal } = options;
  await forgetClients(network, lab.nodes, signal);
  try {
    if (delayMs === undefined) await one.inflict();
    const [findings] = await Promise.all([
      ask(lab, one.usages, (check) => look(lab, check, options)),
      delayMs === undefined ? undefined : sleep(delayMs, undefined, { signal }).then(() => one.inflict()),
    ]);
    return {
      fault: fault.name,
      about: one.about,
      findings,
      objections: findings.flatMap((it) => objectionTo(fault, ground, it) ?? []),
    };
  } finally {
    await one.lift();
  }
}

/** Asks every check while nothing is wrong, and takes down what it uses. */
async function lookAround(lab: Lab, options: FaultOptions): Promise<{ usages: Usage[]; findings: readonly Finding[] }> {
  const { network, plan, signal } = options;
  await forgetClients(network, lab.nodes, signal);
  const usages = new Map<Check, Usage>();
  const all = lab.checks.map((check) => ({ check }));
  const findings = await ask(lab, all, async (check) => {
    const recorder = recorderOf(network);
    const finding = await look(lab, check, { ...options, network: recorder.network });
    const probe = probes.get(check.probe);
    usages.set(check, {
      check,
      tools: await toolsAmong(network, recorder.words),
      nodes: probe === undefined ? [] : probe.nodes(probe.params.parse(check.with), plan),
      attackers: [...new Set(finding.attempts.filter((it) => it.role === 'try').map((it) => it.from))],
    });
    return finding;
  });
  return { usages: lab.checks.flatMap((it) => usages.get(it) ?? []), findings };
}

/** Side by side, and those alone that change the network; none waits for what is below it. */
async function ask(
  lab: Lab,
  usages: readonly Pick<Usage, 'check'>[],
  one: (check: Check) => Promise<Finding>,
): Promise<readonly Finding[]> {
  const limit = pLimit(concurrency);
  const those = lab.checks.filter((check) => usages.some((it) => it.check === check));
  const alone = those.filter((it) => probes.get(it.probe)?.exclusive === true);
  const together = those.filter((it) => !alone.includes(it));
  const findings = await Promise.all(together.map((check) => limit(() => one(check))));
  for (const check of alone) findings.push(await one(check));
  return findings;
}

function look(lab: Lab, check: Check, { network, plan, seed, signal, nonce, clock }: FaultOptions): Promise<Finding> {
  return runCheck(check, lab, {
    network,
    plan,
    probes,
    signal,
    nonce,
    clock,
    draws: drawsFrom(seed, `${lab.id}/${check.id}`),
    keep: async (name) => name,
  });
}

function durationOf(findings: readonly Finding[], { id }: Check): number {
  return findings.find((it) => it.check === id)?.durationMs ?? 0;
}
