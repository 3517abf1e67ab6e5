import { isLabError, LabError } from '../model/errors.ts';
import type { Draws } from '../model/draws.ts';
import type { Check, Lab } from '../model/lab.ts';
import type { Evidence } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/run.ts';
import type { Probe } from '../probes/probe.ts';
import type { Network } from '../runtime/runtime.ts';
import { UndoGivenUp, withDeadline } from './deadline.ts';
import { insistOnTools } from './insist-on-tools.ts';
import { judge } from './judge.ts';

export interface CheckDeps {
  readonly network: Network;
  readonly plan: Plan;
  readonly probes: ReadonlyMap<string, Probe>;
  /** Cancels the check; then {@link runCheck} throws. */
  readonly signal: AbortSignal;
  /** A fresh random word for every call. */
  nonce(): string;
  /** What the values of this check are drawn from. */
  readonly draws: Draws;
  /** Milliseconds of a clock that never goes back. */
  clock(): number;
  /** Told when a check that was cut short begins to put back what it changed, and what settles when it has. */
  undoing?(done: Promise<void>): void;
  /** Told of the nodes of a check that has not put back in time what it changed. */
  unsound?(nodes: readonly string[]): Promise<void>;
  /** Keeps a file of this check and returns its path below the run's folder. */
  keep(name: string, content: string | Buffer): Promise<string>;
}

/**
 * Looks through the check's probe and judges what it saw. Whatever keeps us from looking (a node that
 * is down, a missing tool, the deadline, a bug in the probe) is a finding with the verdict `error`.
 * @throws LabError `cancelled` when `deps.signal` fires, and nothing else.
 */
export async function runCheck(check: Check, lab: Lab, deps: CheckDeps): Promise<Finding> {
  const started = deps.clock();
  const seen = await look(check, deps);
  return { ...findingOf(check, lab), ...seen, durationMs: Math.round(deps.clock() - started) };
}

/** A finding about a check that was not tried. */
export function untried(check: Check, lab: Lab, reason: string): Finding {
  return {
    ...findingOf(check, lab),
    verdict: 'inconclusive',
    reason: `not tried: ${reason}`,
    attempts: [],
    evidence: [],
    durationMs: 0,
  };
}

type Seen = Pick<Finding, 'verdict' | 'reason' | 'attempts' | 'evidence'>;

async function look(check: Check, deps: CheckDeps): Promise<Seen> {
  if (deps.signal.aborted) throw cancelled(check, deps.signal.reason);
  try {
    const probe = deps.probes.get(check.probe);
    if (probe === undefined) throw new LabError('unknown-name', `there is no probe named ${check.probe}`);
    const params = probe.params.parse(check.with);
    const nodes = probe.nodes(params, deps.plan);
    const undo = { graceMs: probe.undoMs ?? 5000, ...(deps.undoing === undefined ? {} : { begins: deps.undoing }) };
    try {
      return await withDeadline(
        check.timeoutMs,
        deps.signal,
        async (signal) => {
          await requireNodes(nodes, deps.network, signal);
          const context = {
            ...pick(deps),
            network: insistOnTools(deps.network),
            kind: check.kind,
            nonce: deps.nonce(),
            signal,
          };
          const observation = await probe.observe(params, context);
          return { ...judge(check.kind, observation), ...observation };
        },
        undo,
      );
    } catch (error) {
      if (error instanceof UndoGivenUp && !deps.signal.aborted) await deps.unsound?.([...new Set(nodes)]);
      throw error;
    }
  } catch (error) {
    if (deps.signal.aborted) throw cancelled(check, error);
    return couldNotLook(error, check, deps);
  }
}

function pick({ plan, draws, keep }: CheckDeps): Pick<CheckDeps, 'plan' | 'draws' | 'keep'> {
  return { plan, draws, keep };
}

/** One message for a dead node, instead of one for each thing that was tried on it. */
async function requireNodes(names: readonly string[], network: Network, signal: AbortSignal): Promise<void> {
  const running = new Set(await network.running(signal));
  const missing = [...new Set(names)].filter((name) => !running.has(name));
  if (missing.length === 0) return;
  throw new LabError(
    'lab-not-running',
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not running, and this check needs ${missing.length === 1 ? 'it' : 'them'}`,
    { hint: 'breakwater status' },
  );
}

/** The reason is one line. What is longer, such as what a tool said or the stack of a bug, is evidence. */
async function couldNotLook(error: unknown, check: Check, deps: CheckDeps): Promise<Seen> {
  const [first = '', ...more] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  const known = isLabError(error);
  const hint = known && error.hint !== undefined ? ` (${error.hint})` : '';
  const reason = known ? first : `the probe ${check.probe} broke, which is a fault of ours: ${first}`;
  const whole = error instanceof Error && !known ? (error.stack ?? error.message) : String(error);
  const evidence = known && more.length === 0 ? [] : [await keepError(whole, deps)];
  return { verdict: 'error', reason: reason + hint, attempts: [], evidence };
}

async function keepError(text: string, deps: CheckDeps): Promise<Evidence> {
  const file = await deps.keep('error.txt', `${text}\n`);
  return { kind: 'log', title: 'What went wrong', file, command: '', excerpt: text };
}

function cancelled(check: Check, cause: unknown): LabError {
  return isLabError(cause) && cause.code === 'cancelled'
    ? cause
    : new LabError('cancelled', `cancelled while checking ${check.id}`, { cause });
}

type Identity = Pick<Finding, 'lab' | 'check' | 'control' | 'kind' | 'layer' | 'title' | 'probe'>;

function findingOf(check: Check, lab: Lab): Identity {
  const { id, kind, layer, title, probe } = check;
  // A lab has at least one control by its schema; the lab's own id is the control's by convention.
  return { lab: lab.id, check: id, control: check.control ?? lab.controls[0] ?? lab.id, kind, layer, title, probe };
}
