import { z } from 'zod';

import { LocalId, NodeName } from './ids.ts';
import { canonicalAddress } from './ip.ts';
import { CheckKind } from './lab.ts';
import { Attempt } from './observation.ts';
import { familyOf, type Plan } from './plan.ts';
import type { Finding } from './run.ts';
import { type Targets, targetsOf } from './target.ts';
import { wayBetween } from './way.ts';

/** One packet as one node saw it pass, come or go. */
export interface Sighting {
  readonly node: string;
  /** Seconds since the epoch, by the one clock that all nodes share. */
  readonly at: number;
  readonly source: string;
  readonly destination: string;
  /** Destination port of TCP and UDP. */
  readonly port?: number;
  /** What of the packet stays the same on its way: by this one packet is found again on every node. */
  readonly mark: string;
}

/** When a check ran, in seconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** One attempt of a run on its way over the nodes. */
export const Journey = z.strictObject({
  check: LocalId,
  title: z.string().describe('Of the check'),
  kind: CheckKind,
  ...Attempt.pick({ role: true, family: true, label: true, sent: true, succeeded: true, seen: true }).shape,
  path: z.array(NodeName).min(1).describe('From where it starts to where it should end'),
  seenAt: z.array(NodeName).describe('Nodes of the path whose captures show its packets, in the order of seeing'),
  stoppedAt: NodeName.nullable().describe('The last node that saw it; null when it went through or never left'),
  packets: z.number().int().describe('How many were seen leaving'),
});
export type Journey = z.infer<typeof Journey>;

/** The journeys of all attempts of a check, from what the nodes saw while it ran. */
export function journeysOf(
  finding: Pick<Finding, 'check' | 'title' | 'kind' | 'probe' | 'attempts'>,
  sightings: readonly Sighting[],
  { from, to }: Period,
  plan: Plan,
): Journey[] {
  const { check, title, kind, probe } = finding;
  const targets = targetsOf(plan);
  const seen = sightings.filter((it) => it.at >= from && it.at <= to).toSorted((a, b) => a.at - b.at);
  return finding.attempts.map((attempt) => {
    const { role, family, label, sent, succeeded } = attempt;
    const towards = nodeOf(attempt.to, targets);
    const mine = sent && towards !== undefined ? packetsOf(attempt, towards, seen, targets) : [];
    const misused = kind === 'abuse' && role === 'try' && succeeded && misusing.has(probe) ? towards : undefined;
    const further = misused === undefined ? [] : passedOn(attempt, misused, mine, seen, targets);
    const seenAt = [...new Set([...mine, ...further].map((it) => it.node))];
    const last = seenAt.at(-1) ?? attempt.from;
    const rest = towards === undefined || seenAt.includes(towards) ? [] : wayOn(plan, last, towards);
    return {
      check,
      title,
      kind,
      role,
      ...(family === undefined ? {} : { family }),
      label,
      sent,
      succeeded,
      seen: attempt.seen,
      path: [...new Set([attempt.from, ...seenAt, ...rest])],
      seenAt,
      stoppedAt: sent && !succeeded && seenAt.length > 0 ? last : null,
      packets: mine.filter((it) => it.node === attempt.from).length,
    };
  });
}

/** From where it was seen last to where it should end; straight, where the plan knows no way for it. */
function wayOn(plan: Plan, last: string, towards: string): readonly string[] {
  const way = wayBetween(plan, last, towards).slice(1);
  return way.length === 0 && last !== towards ? [towards] : way;
}

function packetsOf(attempt: Attempt, towards: string, seen: readonly Sighting[], targets: Targets): Sighting[] {
  const alike = seen.filter(
    ({ source, destination }) =>
      targets.ownerOf(destination) === towards && (attempt.family === undefined || familyOf(source) === attempt.family),
  );
  // Whoever owns a claimed address may be sending too: only what was first seen at the sender is the attempt's.
  const origins = new Map(alike.toReversed().map(({ mark, node }) => [mark, node]));
  const sent = alike.filter(({ mark }) => origins.get(mark) === attempt.from);
  const claims = attempt.claims?.map(canonicalAddress);
  const named = sent.filter(({ source }) =>
    claims === undefined ? targets.ownerOf(source) === attempt.from : claims.includes(source),
  );
  // A sender that speaks as somebody else without saying as whom: what it sent is known by where it was first seen.
  return named.length === 0 && claims === undefined ? sent : named;
}

/** A server that was made to act for the attacker passes it on: by the same protocol, to somebody else. */
function passedOn(
  { from }: Attempt,
  server: string,
  asked: readonly Sighting[],
  seen: readonly Sighting[],
  targets: Targets,
): Sighting[] {
  const first = asked.find((it) => it.node === server);
  const port = first?.port === undefined ? undefined : (relays.get(first.port) ?? first.port);
  if (first === undefined || port === undefined) return [];
  const passed = seen.filter(
    (it) => it.at >= first.at && it.port === port && targets.ownerOf(it.source) === server && it.node !== server,
  );
  // Several letters of one check are on their way at once, bounces too: most go where they were meant to go.
  const counts = new Map<string, number>();
  for (const { node, destination } of passed)
    if (targets.ownerOf(destination) === node && node !== from) counts.set(node, (counts.get(node) ?? 0) + 1);
  const [target] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return target === undefined ? [] : passed.filter((it) => targets.ownerOf(it.destination) === target);
}

/** Probes whose success means that a server did for the attacker what it should do for others. */
const misusing = new Set(['dns-query', 'relay-mail']);

/** Mail that was submitted goes on as mail between servers. */
const relays = new Map([
  [465, 25],
  [587, 25],
]);

/** The one node that a target names; a segment is no end of a way. */
function nodeOf(target: string, targets: Targets): string | undefined {
  const [node, ...others] = targets.nodesOf(target);
  return others.length === 0 ? node : undefined;
}
