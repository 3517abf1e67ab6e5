import { z } from 'zod';

import { commandFailed } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { type Family, familyOf, type Plan } from '../model/plan.ts';
import { isSameSession, readSessions, type SessionEnds, sessionEnds, type SessionState } from './bgp/sessions.ts';
import { prefixesWithin } from './bgp/space.ts';
import { pollUntil } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('The neighbour that floods'),
  to: NodeName.describe('The router that is flooded'),
  heard: NodeName.describe('A neighbour of `to` inside, who hears what `to` takes'),
  bystanders: z.array(NodeName).default([]).describe('Other neighbours of `to`, whose sessions must go on'),
  flood: z
    .array(
      z.strictObject({
        within: z.union([z.cidrv4(), z.cidrv6()]).describe('The space the prefixes are taken from'),
        length: z.number().int().min(1).max(128).describe('Their length'),
        count: z.number().int().min(2).max(20_000).describe('How many'),
      }),
    )
    .min(1)
    .describe('What is announced, from the start of each space on'),
  most: z.number().int().min(0).describe('Prefixes of the flood that may get in, for each family'),
});
type Params = z.infer<typeof Params>;

/** One family of the flood, over the session that carries it. */
interface Stream extends SessionEnds {
  readonly prefixes: readonly string[];
}

/** What is seen of the flood at one moment. */
interface Seen {
  readonly from: ReadonlyMap<string, SessionState>;
  readonly to: ReadonlyMap<string, SessionState>;
  readonly heard: ReadonlyMap<string, SessionState>;
}

/** What came of it: how it was before and is in the end, and how many prefixes were in at the worst moment, by family. */
interface Outcome {
  readonly before: Seen;
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
  nodes: ({ from, to, heard, bystanders }) => [from, to, heard, ...bystanders],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { from, bystanders } = params;
  const streams = planFlood(params, plan);
  const before = await look(params, context);
  requireEstablished(streams, before, params);
  const tether = network
    .node(from)
    .spawn(['sh', '-ec', 'echo ready; exec sleep infinity'], { signal, undo: undoOf(plan, from) });
  try {
    await tether.waitFor(/^ready$/, 5000);
    const outcome = await release(params, streams, before, context);
    return {
      attempts: [
        ...streams.flatMap((it) => attemptsOf(it, params, outcome, plan)),
        ...bystanders.flatMap((it) => bystanderOf(it, params, outcome, plan)),
      ],
      evidence: [await keepSessions(params, streams, outcome, context)],
    };
  } finally {
    await tether.stop();
    await recover(params, streams, before, context);
  }
}

/** The flood by family, over the sessions of the plan. */
export function planFlood({ from, to, flood }: Pick<Params, 'from' | 'to' | 'flood'>, plan: Plan): Stream[] {
  const prefixes = flood.flatMap(({ within, length, count }) => prefixesWithin(within, length, count));
  return sessionEnds(plan, to, from)
    .map((ends) => ({ ...ends, prefixes: prefixes.filter((it) => familyOf(it) === ends.family) }))
    .filter((it) => it.prefixes.length > 0);
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
  params: Params,
  streams: readonly Stream[],
  before: Seen,
  context: ProbeContext,
): Promise<Outcome> {
  const { network, plan, signal } = context;
  const node = network.node(params.from);
  const routes = streams.flatMap((it) => it.prefixes.map((prefix) => `route add blackhole ${prefix} proto ${mark}\n`));
  const commands = [
    await node.exec(['ip', '-batch', '-'], { input: routes.join(''), signal, timeoutMs: 8000 }),
    await node.exec(redistribute('', plan, params.from), { signal, timeoutMs: 8000 }),
  ];
  for (const result of commands) if (result.exitCode !== 0) throw commandFailed(result);
  const worst = new Map<Family, number>();
  let [earlier, after] = [before, before];
  await pollUntil(
    async () => {
      [earlier, after] = [after, await look(params, context)];
      for (const stream of streams)
        worst.set(
          stream.family,
          Math.max(worst.get(stream.family) ?? 0, intruders(stream, params, before, after, plan)),
        );
      return streams.every(
        (stream) =>
          (worst.get(stream.family) ?? 0) > params.most ||
          hasEnded(stream, before, after) ||
          (hasArrived(stream, before, after) && hasArrived(stream, before, earlier)),
      );
    },
    10_000,
    100,
  );
  return { before, after, worst };
}

async function look(
  { from, to, heard }: Params,
  { network, signal }: Pick<ProbeContext, 'network' | 'signal'>,
): Promise<Seen> {
  const [speaker, router, inside] = await Promise.all([from, to, heard].map((it) => readSessions(network, it, signal)));
  return { from: speaker ?? new Map(), to: router ?? new Map(), heard: inside ?? new Map() };
}

/** How many prefixes more than before the router has taken, or told on inside. */
function intruders({ family, remote }: Stream, { to, heard }: Params, before: Seen, now: Seen, plan: Plan): number {
  const inside = sessionEnds(plan, heard, to).find((it) => it.family === family)?.remote ?? '';
  const more = (table: 'to' | 'heard', address: string): number =>
    (now[table].get(address)?.accepted ?? 0) - (before[table].get(address)?.accepted ?? 0);
  return Math.max(more('to', remote), more('heard', inside));
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

function requireEstablished(streams: readonly Stream[], { to: states }: Seen, { from, to }: Params): void {
  const down = streams.map(({ remote }) => remote).filter((it) => states.get(it)?.state !== 'Established');
  if (down.length === 0) return;
  throw new LabError(
    'not-ready',
    `nobody can flood ${to}: it has no Established session with ${from} (${down.join(', ')})`,
    { hint: `breakwater exec ${to} -- vtysh -c 'show bgp summary'` },
  );
}

function attemptsOf(stream: Stream, params: Params, { before, after, worst }: Outcome, plan: Plan): Attempt[] {
  const { from, to, heard, most } = params;
  const { family, remote, prefixes } = stream;
  const ended = hasEnded(stream, before, after);
  const state = after.to.get(remote);
  const got = worst.get(family) ?? 0;
  const stays = ended && state?.state !== 'Established' && state?.restarts !== true;
  const session = ended
    ? `the session ended${state?.restarts === true ? ', and opens again by itself' : ` and is ${state?.state ?? 'gone'}`}`
    : 'the session goes on';
  const base = {
    role: 'try' as const,
    family,
    from,
    to,
    sent: ended || got > most || hasArrived(stream, before, after),
    repeat: repeatOf(stream, params, plan),
  };
  return [
    {
      ...base,
      label: `${prefixes.length} prefixes at once from ${from}`,
      succeeded: got > most,
      seen: `${to} read ${readSince(remote, before, after)} UPDATEs from ${remote}; ${got} of the prefixes got into ${to} or ${heard}, of which ${most} would be fair; ${session}`,
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
function bystanderOf(node: string, { from, to }: Params, { before, after }: Outcome, plan: Plan): Attempt[] {
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
      seen: `${ends.remote} ${ended ? `is ${after.to.get(ends.remote)?.state ?? 'not configured'}, and did not stay up` : 'went on'}`,
      repeat: `breakwater exec ${to} -- vtysh -c 'show bgp neighbors ${ends.remote}'`,
    };
  });
}

function repeatOf({ prefixes }: Stream, { from }: Params, plan: Plan): string {
  const vtysh = redistribute('', plan, from).map((it) => (it.includes(' ') ? `'${it}'` : it));
  return `breakwater exec ${from} -- sh -c "ip route add blackhole ${prefixes[0] ?? ''} proto ${mark}; ${vtysh.join(' ')}"   # and ${prefixes.length - 1} more`;
}

async function keepSessions(
  { to }: Params,
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
    file: await keep(`sessions-${to}.txt`, `${stdout}\n${counts.join('\n')}\n`),
    command: `breakwater exec ${to} -- vtysh -c 'show bgp summary'`,
    excerpt: [...lines, ...counts].join('\n'),
  };
}

/** The flood is out of every table, and a session that it ended is open again: its own timer would take a minute. */
async function recover(
  params: Params,
  streams: readonly Stream[],
  before: Seen,
  { network, plan }: ProbeContext,
): Promise<void> {
  const signal = AbortSignal.timeout(14_000);
  const { to } = params;
  const states = await readSessions(network, to, signal);
  const down = streams.filter(({ remote }) => states.get(remote)?.state !== 'Established');
  const clear = down.flatMap(({ family, remote }) => [
    '-c',
    `clear bgp ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast ${remote}`,
  ]);
  if (down.length > 0) await network.node(to).exec(['vtysh', ...clear], { signal });
  await pollUntil(
    async () => {
      const { to: now } = await look(params, { network, signal });
      const whole = ({ remote }: SessionEnds): boolean =>
        now.get(remote)?.state === 'Established' && now.get(remote)?.accepted === before.to.get(remote)?.accepted;
      return [...streams, ...params.bystanders.flatMap((it) => sessionEnds(plan, to, it))].every(whole);
    },
    12_000,
    100,
  );
}
