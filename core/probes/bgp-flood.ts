import { z } from 'zod';

import { commandFailed } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import type { Draws } from '../model/draws.ts';
import { parsePrefix } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { type Family, familyOf, type Plan } from '../model/plan.ts';
import { drawnFromInternet, registeredBy } from './bgp/claims.ts';
import {
  isSameSession,
  readSessions,
  reopen,
  type SessionEnds,
  sessionEnds,
  type SessionState,
} from './bgp/sessions.ts';
import { prefixesWithin } from './bgp/space.ts';
import { pollUntil } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  neighbours: z
    .enum(['customer', 'peer', 'transit'])
    .describe('Who floods: the neighbour of our routers with that relation; each in turn, when there are several'),
  flood: z
    .array(
      z.strictObject({
        within: z
          .union([z.cidrv4(), z.cidrv6(), z.enum(['own4', 'own6', 'internet4', 'internet6'])])
          .describe(
            "The space the prefixes are taken from; `own…`, what the neighbour registered; `internet…`, drawn from what is nobody's in the plan and nothing special",
          ),
        length: z.number().int().min(1).max(128).describe('Their length'),
        count: z.number().int().min(2).max(20_000).describe('How many'),
      }),
    )
    .min(1)
    .describe('What is announced, from the start of each space on'),
  most: z.number().int().min(0).describe('Prefixes of the flood that may get in, for each family'),
});
type Params = z.infer<typeof Params>;

/** Who floods whom, and who is watched. */
interface Parties {
  readonly from: string;
  readonly to: string;
  /** Neighbours of `to` inside, who hear what `to` takes. */
  readonly heard: readonly string[];
  /** Other neighbours of `to`, whose sessions must go on. */
  readonly bystanders: readonly string[];
}

/** One family of the flood, over the session that carries it. */
interface Stream extends SessionEnds {
  readonly prefixes: readonly string[];
}

/** What is seen of the flood at one moment. */
interface Seen {
  readonly from: ReadonlyMap<string, SessionState>;
  readonly to: ReadonlyMap<string, SessionState>;
  /** By node. */
  readonly others: ReadonlyMap<string, ReadonlyMap<string, SessionState>>;
}

/** What came of it: how it was before and is in the end, and how many prefixes were in at the worst moment, by family. */
interface Outcome {
  readonly before: Seen;
  /** When all of the flood was in, or refused. */
  readonly calm: Seen;
  readonly after: Seen;
  readonly worst: ReadonlyMap<Family, number>;
}

/** Floods a router with prefixes, and looks how many get in and what they break. */
export const bgpFlood = defineProbe({
  name: 'bgp-flood',
  summary:
    'Has a BGP neighbour announce thousands of prefixes at once, and looks how many get in, and which sessions do not survive.',
  params: Params,
  exclusive: true,
  undoMs: 20_000,
  nodes: (params, plan) =>
    partiesOf(params, plan).flatMap(({ from, to, heard, bystanders }) => [from, to, ...heard, ...bystanders]),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const all: Observation[] = [];
  for (const parties of partiesOf(params, context.plan)) all.push(await observeOne(params, parties, context));
  return { attempts: all.flatMap((it) => it.attempts), evidence: all.flatMap((it) => it.evidence) };
}

/** Neighbours that are there, with the router of ours that each speaks with. */
function partiesOf({ neighbours }: Pick<Params, 'neighbours'>, plan: Plan): Parties[] {
  return Object.entries(plan.nodes)
    .filter(([, { side }]) => side === 'isp')
    .flatMap(([to, { bgp }]) => {
      const there = bgp.filter(({ node }) => node in plan.nodes);
      const heard = there.filter(({ relation }) => relation === 'internal').map(({ node }) => node);
      return there
        .filter(({ relation }) => relation === neighbours)
        .map(({ node: from }) => ({
          from,
          to,
          heard,
          bystanders: there.map(({ node }) => node).filter((it) => it !== from && !heard.includes(it)),
        }));
    });
}

async function observeOne({ flood, most }: Params, parties: Parties, context: ProbeContext): Promise<Observation> {
  const { network, plan, draws, signal } = context;
  const { from, to, bystanders } = parties;
  const streams = planFlood(flood, parties, plan, draws);
  const before = await look(parties, context);
  requireEstablished(streams, before, parties);
  const tether = network
    .node(from)
    .spawn(['sh', '-ec', 'echo ready; exec sleep infinity'], { signal, undo: undoOf(plan, from) });
  try {
    await tether.waitFor(/^ready$/, 5000);
    const outcome = await release(parties, streams, most, before, context);
    return {
      attempts: [
        ...streams.flatMap((it) => attemptsOf(it, parties, most, outcome, plan)),
        ...bystanders.flatMap((it) => bystanderOf(it, parties, outcome, plan)),
      ],
      evidence: [await keepSessions(parties, streams, outcome, context)],
    };
  } finally {
    await tether.stop();
    // The flood is out of every table.
    const others = bystanders.flatMap((it) => sessionEnds(plan, to, it));
    await reopen(network, to, [...streams, ...others], before.to);
  }
}

/** The flood by family, over the sessions of the plan. */
export function planFlood(
  flood: Params['flood'],
  { from, to }: Pick<Parties, 'from' | 'to'>,
  plan: Plan,
  draws: Draws,
): Stream[] {
  const prefixes = flood.flatMap(({ within, length, count }) =>
    spacesOf(within, length, count, from, plan, draws).flatMap((it) => prefixesWithin(it, length, count)),
  );
  return sessionEnds(plan, to, from)
    .map((ends) => ({ ...ends, prefixes: [...new Set(prefixes)].filter((it) => familyOf(it) === ends.family) }))
    .filter((it) => it.prefixes.length > 0);
}

/** Of what the neighbour registered the upper half, so that what it announces itself is not among them. */
function spacesOf(within: string, length: number, count: number, from: string, plan: Plan, draws: Draws): string[] {
  if (within.includes('/')) return [within];
  const family = within.endsWith('4') ? 'v4' : 'v6';
  if (within.startsWith('internet'))
    return [drawnFromInternet(family, length - Math.ceil(Math.log2(count)), plan, draws)];
  return registeredBy(from, plan)
    .filter((it) => familyOf(it) === family)
    .map((it) => prefixesWithin(it, parsePrefix(it).prefixLength + 1, 2).at(-1) ?? it);
}

/** Routes of the kernel with a mark of our own (rtnetlink's `protocol`), which bgpd redistributes: the quickest way to have thousands. */
const mark = 99;

function redistribute(no: string, plan: Plan, from: string): readonly string[] {
  const lines = ['configure terminal', `router bgp ${plan.nodes[from]?.as ?? 0}`].concat(
    ...['ipv4', 'ipv6'].map((it) => [
      `address-family ${it} unicast`,
      `${no}redistribute kernel`,
      'exit-address-family',
    ]),
  );
  return ['vtysh', ...lines.flatMap((line) => ['-c', line])];
}

function undoOf(plan: Plan, from: string): string {
  const vtysh = redistribute('no ', plan, from).map((it) => (it.includes(' ') ? `'${it}'` : it));
  // `ip route flush` looks at unicast routes only, unless it is told the type.
  return `${vtysh.join(' ')}; ip -4 route flush proto ${mark} type blackhole; ip -6 route flush proto ${mark} type blackhole`;
}

async function release(
  parties: Parties,
  streams: readonly Stream[],
  most: number,
  before: Seen,
  context: ProbeContext,
): Promise<Outcome> {
  const { network, plan, signal } = context;
  const node = network.node(parties.from);
  const routes = streams.flatMap((it) => it.prefixes.map((prefix) => `route add blackhole ${prefix} proto ${mark}\n`));
  const commands = [
    await node.exec(['ip', '-batch', '-'], { input: routes.join(''), signal, timeoutMs: 8000 }),
    await node.exec(redistribute('', plan, parties.from), { signal, timeoutMs: 8000 }),
  ];
  for (const result of commands) if (result.exitCode !== 0) throw commandFailed(result);
  const worst = new Map<Family, number>();
  let [earlier, after] = [before, before];
  const settled = (stream: Stream): boolean =>
    (worst.get(stream.family) ?? 0) > most ||
    hasEnded(stream, before, after) ||
    (hasArrived(stream, before, after) && hasArrived(stream, before, earlier));
  const watched = parties.bystanders.flatMap((it) => sessionEnds(plan, parties.to, it));
  await pollUntil(
    async () => {
      [earlier, after] = [after, await look(parties, context)];
      for (const stream of streams)
        worst.set(
          stream.family,
          Math.max(worst.get(stream.family) ?? 0, intruders(stream, parties, before, after, plan)),
        );
      return streams.every(settled);
    },
    patienceMs,
    100,
  );
  const calm = after;
  await pollUntil(
    async () => {
      if (watched.every((it) => hasEnded(it, before, after) || hearsOn(it, calm, after))) return true;
      after = await look(parties, context);
      return false;
    },
    patienceMs,
    100,
  );
  return { before, calm, after, worst };
}

/** Nothing is concluded from it: what has not arrived by then, or gone on, is not proved. */
const patienceMs = 15_000;

/** Whether the router went on hearing a neighbour after the flood. */
function hearsOn({ remote }: SessionEnds, since: Seen, now: Seen): boolean {
  return (now.to.get(remote)?.messagesReceived ?? 0) > (since.to.get(remote)?.messagesReceived ?? 0);
}

async function look(
  { from, to, heard }: Parties,
  { network, signal }: Pick<ProbeContext, 'network' | 'signal'>,
): Promise<Seen> {
  const read = (node: string): Promise<ReadonlyMap<string, SessionState>> => readSessions(network, node, signal);
  const [speaker, router, ...others] = await Promise.all([read(from), read(to), ...heard.map(read)]);
  return { from: speaker, to: router, others: new Map(heard.map((node, index) => [node, others[index] ?? new Map()])) };
}

/** How many prefixes more than before the router has taken, or told on inside. */
function intruders({ family, remote }: Stream, { to, heard }: Parties, before: Seen, now: Seen, plan: Plan): number {
  const more = (was?: SessionState, is?: SessionState): number => (is?.accepted ?? 0) - (was?.accepted ?? 0);
  const inside = heard.map((node) => {
    const address = sessionEnds(plan, node, to).find((it) => it.family === family)?.remote ?? '';
    return more(before.others.get(node)?.get(address), now.others.get(node)?.get(address));
  });
  return Math.max(more(before.to.get(remote), now.to.get(remote)), ...inside);
}

function hasEnded({ remote }: SessionEnds, before: Seen, now: Seen): boolean {
  const was = before.to.get(remote);
  return was !== undefined && !isSameSession(was, now.to.get(remote));
}

/** All of the flood is out of the neighbour, and the router has read every message that it sent. */
function hasArrived({ local, remote, prefixes }: Stream, before: Seen, now: Seen): boolean {
  const more = (count: 'announced' | 'updatesSent'): number =>
    (now.from.get(local)?.[count] ?? 0) - (before.from.get(local)?.[count] ?? 0);
  return more('announced') >= prefixes.length && readSince(remote, before, now) >= more('updatesSent');
}

function readSince(remote: string, before: Seen, now: Seen): number {
  return (now.to.get(remote)?.updatesReceived ?? 0) - (before.to.get(remote)?.updatesReceived ?? 0);
}

function requireEstablished(streams: readonly Stream[], { to: states }: Seen, { from, to }: Parties): void {
  const down = streams.map(({ remote }) => remote).filter((it) => states.get(it)?.state !== 'Established');
  if (down.length === 0) return;
  throw new LabError(
    'not-ready',
    `nobody can flood ${to}: it has no Established session with ${from} (${down.join(', ')})`,
    { hint: `breakwater exec ${to} -- vtysh -c 'show bgp summary'` },
  );
}

/** A session that its limit ended is to open again by itself, and not in a month. */
const longestRestartMs = 24 * 3_600_000;

function attemptsOf(
  stream: Stream,
  { from, to, heard }: Parties,
  most: number,
  { before, calm, after, worst }: Outcome,
  plan: Plan,
): Attempt[] {
  const { family, local, remote, prefixes } = stream;
  const ended = hasEnded(stream, before, after);
  const state = after.to.get(remote);
  const got = worst.get(family) ?? 0;
  const back = state?.restartsInMs !== undefined && state.restartsInMs <= longestRestartMs;
  const stays = ended && state?.state !== 'Established' && !back;
  const session = ended
    ? `the session ended${back ? ', and opens again by itself' : ` and is ${state?.state ?? 'gone'}`}`
    : 'the session goes on';
  // Either the router has read every message that left, or it said that these were too many.
  const refused = ended && state?.overLimit === true;
  const proof = refused
    ? { proof: 'answered' as const }
    : !ended && hasArrived(stream, before, calm)
      ? { proof: 'counted' as const }
      : {};
  const spoken = (after.from.get(local)?.updatesSent ?? 0) - (before.from.get(local)?.updatesSent ?? 0);
  const base = {
    role: 'try' as const,
    family,
    from,
    to,
    sent: spoken > 0,
    repeat: repeatOf(stream, from, plan),
    ...proof,
  };
  return [
    {
      ...base,
      label: `${prefixes.length} prefixes at once from ${from}`,
      succeeded: got > most,
      seen: `${to} read ${readSince(remote, before, after)} UPDATEs from ${remote}; ${got} of the prefixes got into ${[to, ...heard].join(' or ')}, of which ${most} would be fair; ${session}`,
    },
    {
      ...base,
      label: `the session with ${remote} is over until somebody comes`,
      succeeded: stays,
      seen: session,
    },
  ];
}

/** Whoever has nothing to do with it must not notice. */
function bystanderOf(node: string, { from, to }: Parties, { before, calm, after }: Outcome, plan: Plan): Attempt[] {
  return sessionEnds(plan, to, node).map((ends): Attempt => {
    const ended = hasEnded(ends, before, after);
    return {
      label: `the session of ${to} with ${node} breaks under the flood`,
      role: 'try',
      family: ends.family,
      from,
      to: node,
      sent: true,
      succeeded: ended,
      ...(!ended && hearsOn(ends, calm, after) ? { proof: 'counted' as const } : {}),
      seen: `${ends.remote} ${ended ? `is ${after.to.get(ends.remote)?.state ?? 'not configured'}, and did not stay up` : 'went on'}`,
      repeat: `breakwater exec ${to} -- vtysh -c 'show bgp neighbors ${ends.remote}'`,
    };
  });
}

function repeatOf({ prefixes }: Stream, from: string, plan: Plan): string {
  const vtysh = redistribute('', plan, from).map((it) => (it.includes(' ') ? `'${it}'` : it));
  return `breakwater exec ${from} -- sh -c "ip route add blackhole ${prefixes[0] ?? ''} proto ${mark}; ${vtysh.join(' ')}"   # and ${prefixes.length - 1} more`;
}

async function keepSessions(
  { from, to }: Parties,
  streams: readonly Stream[],
  { worst }: Outcome,
  { network, signal, keep }: ProbeContext,
): Promise<Evidence> {
  const command = ['vtysh', '-c', 'show bgp summary'];
  const { stdout } = await network.node(to).exec(command, { signal });
  const lines = stdout.split('\n').filter((line) => /^(Neighbor|[\da-f]+[.:])/.test(line));
  const counts = streams.map(
    ({ family, prefixes }) => `${family}: ${worst.get(family) ?? 0} of ${prefixes.length} got in`,
  );
  return {
    kind: 'table',
    title: `The sessions of ${to} after the flood`,
    file: await keep(`sessions-${to}-${from}.txt`, `${stdout}\n${counts.join('\n')}\n`),
    command: `breakwater exec ${to} -- vtysh -c 'show bgp summary'`,
    excerpt: [...lines, ...counts].join('\n'),
  };
}
