import type { CheckKind } from '../model/lab.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import type { Verdict } from '../model/verdict.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** Why, in one sentence that names what decided. */
  readonly reason: string;
}

/**
 * What an observation proves about a check. No proof, no pass: that a try had no effect counts only when it
 * was seen to leave and when something says that it was refused (see {@link Proof}). Never `error`: that is
 * for those who could not look at all.
 */
export function judge(kind: CheckKind, observation: Observation): Judgement {
  const tries = observation.attempts.filter((it) => it.role === 'try');
  const canaries = observation.attempts.filter((it) => it.role === 'canary');
  return kind === 'service' ? judgeService(tries, canaries) : judgeHarm(kind, tries, canaries);
}

/** Of an abuse, the attack must not get through; of an inspection, nothing wrong must be found. */
function judgeHarm(kind: CheckKind, tries: readonly Attempt[], canaries: readonly Attempt[]): Judgement {
  const through = tries.filter((it) => it.succeeded);
  const faults = kind === 'inspection';
  if (through.length > 0) {
    const what = faults ? faultsFound(through, tries) : `${countOf(through, tries)} got through`;
    return { verdict: 'fail', reason: `${what}: ${names(through)}` };
  }
  if (tries.length === 0) return nothingTried;

  const lostCanaries = canaries.filter((it) => it.sent && !it.succeeded);
  if (lostCanaries.length > 0) {
    return {
      verdict: 'inconclusive',
      reason: `the path itself does not work, so silence proves nothing: ${names(lostCanaries)}`,
    };
  }
  return (
    unsent([...tries, ...canaries]) ??
    (faults ? undefined : unproved(tries, canaries)) ?? {
      verdict: 'pass',
      reason: faults
        ? faultsFound([], tries)
        : tries.length === 1
          ? 'the attempt left the sender and did not get through'
          : `${all(tries)} left the sender and none got through`,
    }
  );
}

/** Tries whose silence nobody answers for. */
function unproved(tries: readonly Attempt[], canaries: readonly Attempt[]): Judgement | undefined {
  const silent = tries.filter((it) => !isProved(it, canaries));
  if (silent.length === 0) return undefined;
  return {
    verdict: 'inconclusive',
    reason: `nothing proves that ${countOf(silent, tries)} ${silent.length === 1 ? 'was' : 'were'} refused and not lost: ${names(silent)}`,
  };
}

/** Refused in words or counted at the victim; or a canary vouches for it, from its own place, over its own family, made in its own way. */
function isProved(attempt: Attempt, canaries: readonly Attempt[]): boolean {
  if (attempt.proof !== 'canary') return attempt.proof !== undefined;
  return canaries.some(
    (it) =>
      it.sent &&
      it.succeeded &&
      it.from === attempt.from &&
      it.family === attempt.family &&
      (it.way ?? '') === (attempt.way ?? ''),
  );
}

function judgeService(tries: readonly Attempt[], canaries: readonly Attempt[]): Judgement {
  const attempts = [...tries, ...canaries];
  const broken = attempts.filter((it) => it.sent && !it.succeeded);
  if (broken.length > 0) {
    return { verdict: 'fail', reason: `${countOf(broken, attempts)} did not work: ${names(broken)}` };
  }
  if (tries.length === 0) return nothingTried;
  return unsent(attempts) ?? { verdict: 'pass', reason: `${all(tries)} worked` };
}

const nothingTried: Judgement = { verdict: 'inconclusive', reason: 'nothing was tried, so nothing is proved' };

function unsent(attempts: readonly Attempt[]): Judgement | undefined {
  const missing = attempts.filter((it) => !it.sent);
  if (missing.length === 0) return undefined;
  return {
    verdict: 'inconclusive',
    reason: `${countOf(missing, attempts)} ${missing.length === 1 ? 'was' : 'were'} not seen leaving the sender: ${names(missing)}`,
  };
}

function countOf(some: readonly Attempt[], of: readonly Attempt[]): string {
  if (of.length === 1) return 'the only attempt';
  return some.length === of.length ? all(of) : `${some.length} of ${of.length} attempts`;
}

function faultsFound(some: readonly Attempt[], of: readonly Attempt[]): string {
  if (of.length === 1) return `what was looked for was ${some.length === 0 ? 'not ' : ''}found`;
  return `${some.length === 0 ? 'none' : some.length} of ${of.length} faults ${some.length > 1 ? 'were' : 'was'} found`;
}

function all(tries: readonly Attempt[]): string {
  if (tries.length === 1) return 'the attempt';
  return tries.length === 2 ? 'both attempts' : `all ${tries.length} attempts`;
}

/** The first three by label; a label tried over both families is named once. */
function names(attempts: readonly Attempt[]): string {
  const families = new Map<string, string[]>();
  for (const { label, family } of attempts) {
    const seen = families.get(label) ?? [];
    families.set(label, family === undefined ? seen : [...seen, family === 'v4' ? 'IPv4' : 'IPv6']);
  }
  const list = [...families].map(([label, over]) =>
    over.length === 0 ? label : `${label} (${[...new Set(over)].join(', ')})`,
  );
  const rest = list.length - 3;
  return rest > 0 ? `${list.slice(0, 3).join('; ')}; and ${rest} more` : list.join('; ');
}
