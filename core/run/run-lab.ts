import pLimit from 'p-limit';

import { runCheck, untried } from '../checks/check.ts';
import { type DaemonDiagnostic, meaningOf, refusalsIn } from '../model/daemon-diagnostic.ts';
import { isLabError, LabError } from '../model/errors.ts';
import type { Check, Lab } from '../model/lab.ts';
import { onNetwork } from '../model/network-name.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding, LabResult, Phase, RunListener } from '../model/run.ts';
import { worstVerdict } from '../model/verdict.ts';
import type { Probe } from '../probes/probe.ts';
import type { Network } from '../runtime/runtime.ts';
import { drawsFrom } from './draws.ts';
import { layersOf, nodesToRestart, obstacleIn } from './order.ts';
import type { RunFolder } from './run-folder.ts';

export interface LabOptions {
  readonly network: Network;
  readonly plan: Plan;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly folder: RunFolder;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  readonly concurrency: number;
  /** Name of the network that stays when the run is over, for the commands that repeat an attempt. */
  readonly commandsOn?: string | undefined;
  /** Of all values that are drawn; see {@link drawsFrom}. */
  readonly seed: number;
  /** What daemons of the network said of their files. */
  readonly diagnostics?: readonly DaemonDiagnostic[] | undefined;
  /** Asks for the second look after a restart, when all checks passed. */
  readonly restart?: {
    /** Settles when the services of the nodes answer again; rejects with LabError `not-ready` when they do not. */
    ready(nodes: readonly string[], signal: AbortSignal): Promise<void>;
  };
  /** Milliseconds of a clock that never goes back. */
  clock(): number;
  random(bytes: number): Buffer;
}

/** Judges one lab on the network as it stands, and again after its nodes started from their files. */
export async function runLab(lab: Lab, options: LabOptions): Promise<LabResult> {
  const refusals = refusalsOf(lab, options.diagnostics);
  const findings = await runPhase(lab, 'now', options);
  const now = worstVerdict(findings.map((it) => it.verdict));
  const afterRestart = now === 'pass' && refusals.length === 0 ? await lookAgain(lab, options) : [];
  return { lab: lab.id, title: lab.title, ...concludeLab(findings, afterRestart, refusals), findings, afterRestart };
}

/** A fix that a restart loses is no fix, and neither is one that a daemon did not take: the lab fails. */
export function concludeLab(
  findings: readonly Finding[],
  afterRestart: readonly Finding[],
  refusals: readonly DaemonDiagnostic[] = [],
): Pick<LabResult, 'verdict' | 'persistence'> {
  const verdict = worstVerdict([
    ...[...findings, ...afterRestart].map((it) => it.verdict),
    ...(refusals.length > 0 ? ['fail' as const] : []),
  ]);
  if (afterRestart.some((it) => it.verdict === 'fail')) return { verdict, persistence: 'lost' };
  const kept = afterRestart.length > 0 && afterRestart.every((it) => it.verdict === 'pass');
  return { verdict, persistence: kept ? 'kept' : 'not-tried' };
}

async function lookAgain(lab: Lab, options: LabOptions): Promise<Finding[]> {
  const { network, restart, signal, listener } = options;
  if (restart === undefined || signal.aborted) return [];
  const nodes = nodesToRestart(lab, options.plan, network.nodes);
  if (nodes.length === 0) return [];

  listener({ type: 'progress', message: `restarting ${nodes.join(', ')} from their files` });
  try {
    await network.restart(nodes, signal);
  } catch (error) {
    if (signal.aborted) return [];
    if (!isLabError(error)) throw error;
    return notRestarted(lab, error.message, listener);
  }
  try {
    await restart.ready(nodes, signal);
  } catch (error) {
    if (signal.aborted) return [];
    if (!isLabError(error)) throw error;
    // A service that does not come up from its files is what the checks are about to find: let them judge.
    listener({ type: 'progress', message: `${error.message}; checking all the same` });
  }
  return runPhase(lab, 'restarted', options);
}

/** One error for the restart; the checks behind it are not errors of their own. */
function notRestarted(lab: Lab, message: string, listener: RunListener): Finding[] {
  const findings = lab.checks.map((check, index): Finding => {
    const finding = untried(check, lab, 'the nodes could not be restarted');
    return index === 0
      ? { ...finding, verdict: 'error', reason: `the nodes could not be restarted: ${message}` }
      : finding;
  });
  for (const finding of findings) listener({ type: 'check.judged', phase: 'restarted', finding });
  return findings;
}

/** Layer by layer; inside a layer side by side, and those that change the network alone and last. */
async function runPhase(lab: Lab, phase: Phase, options: LabOptions): Promise<Finding[]> {
  const { listener, probes } = options;
  const planned = lab.checks.map(({ id, kind, title }) => ({ id, kind, title }));
  listener({ type: 'lab.started', lab: lab.id, title: lab.title, phase, checks: planned });

  const findings = new Map<string, Finding>();
  const judged = (finding: Finding): void => {
    findings.set(finding.check, finding);
    listener({ type: 'check.judged', phase, finding });
  };
  const limit = pLimit(options.concurrency);
  const refusals = refusalsOf(lab, options.diagnostics);
  const ground: Ground = { undos: new Set() };
  let obstacle: Finding | undefined;
  for (const checks of layersOf(lab.checks)) {
    if (obstacle !== undefined) {
      const how = obstacle.verdict === 'fail' ? 'failed' : 'could not be judged';
      for (const check of checks) judged(untried(check, lab, `\`${obstacle.check}\` ${how} below it`));
      continue;
    }
    const alone = checks.filter((it) => probes.get(it.probe)?.exclusive === true);
    const together = checks.filter((it) => !alone.includes(it));
    const look = async (check: Check): Promise<void> =>
      judged(putDownTo(refusals, await tryCheck(check, lab, phase, ground, options)));
    await Promise.all(together.map((check) => limit(async () => look(check))));
    for (const check of alone) await look(check);
    obstacle = obstacleIn(checks.flatMap((it) => findings.get(it.id) ?? []));
  }
  return lab.checks.flatMap((it) => findings.get(it.id) ?? []);
}

/** What checks stand on: nobody begins while another one puts back what it changed, nor where that was not done. */
interface Ground {
  readonly undos: Set<Promise<void>>;
  unsound?: string;
}

function hold({ undos }: Ground, done: Promise<void>): void {
  const settled = done.catch(() => {});
  undos.add(settled);
  void settled.then(() => undos.delete(settled));
}

/** What a check left as it was not goes with a restart of its nodes. */
async function soundAgain(nodes: readonly string[], ground: Ground, options: LabOptions): Promise<void> {
  const { network, restart, signal, listener } = options;
  const names = nodes.filter((it) => network.nodes.includes(it));
  listener({ type: 'progress', message: `the network is unsound: restarting ${names.join(', ')} from their files` });
  try {
    if (restart === undefined) throw new LabError('not-ready', 'nobody waits here until they are ready');
    await network.restart(names, signal);
    await restart.ready(names, signal);
  } catch (error) {
    if (!isLabError(error)) throw error;
    ground.unsound = `the network is unsound, and could not be made sound again: ${error.message}`;
  }
}

async function tryCheck(check: Check, lab: Lab, phase: Phase, ground: Ground, options: LabOptions): Promise<Finding> {
  const { network, plan, probes, signal, listener, folder, clock, random, seed, commandsOn } = options;
  const below = [lab.id, check.id, ...(phase === 'now' ? [] : [phase])].join('/');
  while (ground.undos.size > 0) await Promise.all(ground.undos);
  if (signal.aborted) return untried(check, lab, interrupted);
  if (ground.unsound !== undefined) return untried(check, lab, ground.unsound);
  const down = refusalsOf(lab, options.diagnostics).find(
    (it) => it.severity === 'down' && needs(check, it.node, options),
  );
  if (down !== undefined) return untried(check, lab, meaningOf(down));
  listener({ type: 'check.started', lab: lab.id, check: check.id, phase });
  try {
    const finding = await runCheck(check, lab, {
      network,
      plan,
      probes,
      signal,
      clock,
      draws: drawsFrom(seed, `${lab.id}/${check.id}`),
      nonce: () => random(8).toString('hex'),
      undoing: (done) => hold(ground, done),
      unsound: async (nodes) => {
        const restarted = soundAgain(nodes, ground, options);
        hold(ground, restarted);
        await restarted;
      },
      keep: (name, content) => folder.keep(below, name, content),
    });
    return commandsOn === undefined ? finding : repeatedOn(commandsOn, finding);
  } catch (error) {
    if (signal.aborted) return untried(check, lab, interrupted);
    throw error;
  }
}

const interrupted = 'the run was interrupted';

/** Whoever copies a command means the network that was judged. */
function repeatedOn(name: string, finding: Finding): Finding {
  return {
    ...finding,
    attempts: finding.attempts.map((it) => ({ ...it, repeat: onNetwork(name, it.repeat) })),
    evidence: finding.evidence.map((it) => ({ ...it, command: onNetwork(name, it.command) })),
  };
}

/** What was not taken, of the nodes of this lab. */
function refusalsOf(lab: Lab, diagnostics: readonly DaemonDiagnostic[] = []): readonly DaemonDiagnostic[] {
  return refusalsIn(diagnostics).filter(({ node }) => node === undefined || lab.nodes.includes(node));
}

function needs(check: Check, node: string | undefined, { probes, plan }: LabOptions): boolean {
  const probe = probes.get(check.probe);
  const params = probe?.params.safeParse(check.with);
  return node !== undefined && params?.success === true && probe?.nodes(params.data, plan).includes(node) === true;
}

/** `error` is for what is ours. Where a daemon did not take its file, who could not look met what came of that. */
function putDownTo([first]: readonly DaemonDiagnostic[], finding: Finding): Finding {
  if (first === undefined || finding.verdict !== 'error') return finding;
  return {
    ...finding,
    verdict: 'inconclusive',
    reason: `${meaningOf(first)}, so this could not be seen: ${finding.reason}`,
  };
}
