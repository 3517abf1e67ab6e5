import { randomBytes } from 'node:crypto';

import { runCheck } from '../checks/check.ts';
import { forgetClients } from '../daemons/forget.ts';
import { busy } from '../faults/busy.ts';
import { isLabError } from '../model/errors.ts';
import type { Check, Lab } from '../model/lab.ts';
import type { Verdict } from '../model/verdict.ts';
import { probes } from '../probes/registry.ts';
import { drawsFrom } from '../run/draws.ts';
import type { Network } from '../runtime/runtime.ts';
import type { Appliance } from './appliance.ts';
import { withLabs } from './lab-queue.ts';
import type { Configuration } from './prove-lab.ts';
import { provingGround } from './proving-ground.ts';
import { awaitReady } from './ready.ts';
import type { TransientNetwork } from './transient.ts';
import { configurationsFor } from './verify.ts';

/** One check of one configuration, asked many times. */
export interface Repeats {
  readonly lab: string;
  readonly configuration: string;
  readonly check: string;
  /** A wrong fix whose header names the check, or a right one. */
  readonly fix: 'wrong' | 'right';
  readonly verdicts: readonly Verdict[];
  /** What the verdicts said that are the opposite of what the configuration is. */
  readonly lies: readonly string[];
}

export interface RepeatOptions {
  readonly labs: readonly Lab[];
  readonly workers: number;
  /** How often each check is asked of each configuration. */
  readonly times: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onRepeats?: (repeats: Repeats) => void;
  readonly onProgress?: (message: string) => void;
}

/**
 * Asks single checks again and again on a busy computer: those that wait for a silence, so that a deadline which is
 * taken for a result is found. Of a wrong fix the checks that its header names, which never pass; of a right fix every
 * check of an attack, which never fails.
 */
export async function verifyRepeats(
  appliance: Appliance,
  { labs, workers, times, seed, signal, onRepeats, onProgress }: RepeatOptions,
): Promise<Repeats[]> {
  const all: Repeats[] = [];
  await withLabs(appliance, { purpose: 'repeats', labs, workers, signal, onProgress }, async (transient, lab) => {
    const bench = { appliance, transient, lab, times, seed, signal };
    for (const configuration of await configurationsFor(appliance, transient.workspace, lab)) {
      for await (const repeats of repeatsOf(configuration, bench)) {
        all.push(repeats);
        onRepeats?.(repeats);
      }
    }
    return 'go on';
  });
  return all;
}

interface Bench extends Pick<RepeatOptions, 'times' | 'seed' | 'signal'> {
  readonly appliance: Appliance;
  readonly transient: TransientNetwork;
  readonly lab: Lab;
}

async function* repeatsOf({ name, tree, expectation }: Configuration, bench: Bench): AsyncGenerator<Repeats> {
  const { appliance, transient, lab, times, signal } = bench;
  const { network } = transient;
  const checks = lab.checks.filter(
    ({ id, kind }) => kind === 'abuse' && (expectation.kind !== 'caught' || expectation.by.includes(id)),
  );
  // The start is the mistake itself: nothing there is silent.
  if (checks.length === 0 || expectation.kind === 'broken') return;
  const ready = (nodes: readonly string[]): Promise<void> =>
    awaitReady(network, appliance.plan, { nodes, signal }).catch((error: unknown) => {
      // A wrong fix may well break the service.
      if (!isLabError(error) || error.code !== 'not-ready' || expectation.kind !== 'caught') throw error;
    });
  const { nodes } = await provingGround(transient, ready, signal).layOut(tree, name);
  await ready(nodes);
  const [load] = busy.cases({ network, usages: [], recreate: async () => {}, signal });
  try {
    await load?.inflict();
    for (const check of checks) {
      const findings: { verdict: Verdict; reason: string }[] = [];
      for (let turn = 0; turn < times; turn += 1) {
        signal.throwIfAborted();
        await forgetClients(network, lab.nodes, signal);
        findings.push(await look(check, turn, bench, network));
      }
      const lie: Verdict = expectation.kind === 'caught' ? 'pass' : 'fail';
      yield {
        lab: lab.id,
        configuration: name,
        check: check.id,
        fix: expectation.kind === 'caught' ? 'wrong' : 'right',
        verdicts: findings.map((it) => it.verdict),
        lies: findings.filter((it) => it.verdict === lie).map((it) => it.reason),
      };
    }
  } finally {
    await load?.lift();
  }
}

/** Each time with other drawn values. */
function look(check: Check, turn: number, { appliance, lab, seed, signal }: Bench, network: Network) {
  return runCheck(check, lab, {
    network,
    plan: appliance.plan,
    probes,
    signal,
    draws: drawsFrom(seed, `${lab.id}/${check.id}/${turn}`),
    nonce: () => randomBytes(8).toString('hex'),
    clock: () => performance.now(),
    keep: async (file) => file,
  });
}
