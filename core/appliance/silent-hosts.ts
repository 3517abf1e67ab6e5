import { addressOf, type Plan } from '../model/plan.ts';

/** A ping that nobody answered, from one host to another. */
export interface Silence {
  readonly from: string;
  readonly to: string;
  readonly family: 'v4' | 'v6';
  readonly address: string;
}

/** Whose addresses they are that did not answer a node. */
export function silenceOf(plan: Plan, from: string, addresses: readonly string[]): readonly Silence[] {
  return Object.keys(plan.nodes).flatMap((to) =>
    (['v4', 'v6'] as const).flatMap((family) => {
      const address = addressOf(plan, to, family);
      return address !== undefined && addresses.includes(address) ? [{ from, to, family, address }] : [];
    }),
  );
}

/**
 * Whether a host that does not answer is there all the same, and only says nothing: its own ping the other
 * way was answered, so that the path carries both ways. Two hosts of which neither answers anybody prove
 * nothing to each other; each has to be answered by somebody else.
 */
export function excusedIn(silences: readonly Silence[], asked: readonly string[], silence: Silence): boolean {
  const { from, to, family } = silence;
  if (!asked.includes(from) || !asked.includes(to)) return false;
  const silent = (a: string, b: string): boolean =>
    silences.some((it) => it.from === a && it.to === b && it.family === family);
  if (!silent(to, from)) return true;
  const answersNobody = (host: string): boolean =>
    asked.filter((it) => silences.some((other) => other.from === it)).every((it) => it === host || silent(it, host));
  const isAnswered = (host: string): boolean =>
    asked.some((it) => it !== host && !silent(host, it) && !answersNobody(it));
  return answersNobody(from) && answersNobody(to) && isAnswered(from) && isAnswered(to);
}
