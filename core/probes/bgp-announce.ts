import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import { LabError } from '../model/errors.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { familyOf, type Plan } from '../model/plan.ts';
import { parseKernelRoutes } from './bgp-session.ts';
import {
  Announcement,
  batchesOf,
  commandsOf,
  planAnnouncements,
  type PlannedAnnouncement,
} from './bgp/announcements.ts';
import { type Decision, readDecisions } from './bgp/decision.ts';
import {
  interfaceWith,
  isSameSession,
  plannedSessions,
  type PlannedSession,
  readSessions,
  reopen,
  type SessionState,
} from './bgp/sessions.ts';
import { readAnnouncements } from './bgp/updates.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z
  .strictObject({
    neighbours: z
      .enum(['customer', 'peer', 'transit'])
      .optional()
      .describe('Who announces: every neighbour of our routers with that relation that is there'),
    from: NodeName.optional().describe('Or one router that announces; it must have a session with `to` in the plan'),
    to: NodeName.optional().describe('The router that is told'),
    announce: z.array(Announcement).min(1).describe('What is announced, and withdrawn again'),
    effect: z
      .enum(['taken', 'used'])
      .default('taken')
      .describe(
        'What counts: the route is in the table of `to`, best or not; or `to` forwards by it, or would but for an accident: it compares neither preference nor weight, and the other route is older, say',
      ),
  })
  .refine(({ neighbours, from, to }) => (neighbours === undefined) === (from !== undefined && to !== undefined), {
    message: 'either `neighbours`, or `from` and `to`',
  });
type Params = z.infer<typeof Params>;

/** Who announces to whom. */
interface Pair {
  readonly from: string;
  readonly to: string;
}

/** What the router that is told has of the neighbour, by the neighbour's address. */
interface Table {
  readonly sessions: ReadonlyMap<string, SessionState>;
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** Of these, what it forwards by. */
  readonly best: ReadonlyMap<string, readonly string[]>;
}

/** Has a BGP neighbour announce prefixes over its own sessions, and looks which of them the router takes. */
export const bgpAnnounce = defineProbe({
  name: 'bgp-announce',
  summary: 'Has a BGP neighbour announce prefixes over its own sessions, and looks which of them the router takes.',
  params: Params,
  exclusive: true,
  undoMs: 25_000,
  nodes: (params, plan) => pairsOf(params, plan).flatMap(({ from, to }) => [from, to]),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const pairs = pairsOf(params, context.plan);
  if (pairs.length === 0)
    throw new LabError('invalid-file', `the plan has no ${params.neighbours ?? ''} that our routers speak BGP with`, {
      hint: 'see `bgp:` of the nodes in plan.yml',
    });
  const seen = await Promise.all(pairs.map((pair) => observePair(pair, params, context)));
  return { attempts: seen.flatMap((it) => it.attempts), evidence: seen.flatMap((it) => it.evidence) };
}

/** Neighbours of that relation that are there, with the router of ours that each speaks with. */
function pairsOf({ neighbours, from, to }: Params, plan: Plan): Pair[] {
  if (from !== undefined && to !== undefined) return [{ from, to }];
  return Object.entries(plan.nodes)
    .filter(([, { side }]) => side === 'isp')
    .flatMap(([router, { bgp }]) =>
      bgp
        .filter(({ relation, node }) => relation === neighbours && node in plan.nodes)
        .map(({ node }) => ({ from: node, to: router })),
    );
}

async function observePair(pair: Pair, { announce, effect }: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, draws, signal } = context;
  const { from, to } = pair;
  const sessions = plannedSessions(plan, to, from);
  const planned = planAnnouncements(announce, from, sessions, plan, draws);
  const iface = interfaceWith(
    plan,
    from,
    sessions.map((it) => it.remote),
  );
  const before = await look(to, sessions, context);
  const room = ({ remote }: PlannedSession): number => {
    const state = before.sessions.get(remote);
    return state?.limit === undefined ? Infinity : Math.max(1, state.limit - state.accepted);
  };
  const capture = await startCapture(network, from, iface, 'tcp port 179', signal);
  try {
    const attempts: Attempt[] = [];
    let after = before;
    let table: Evidence | undefined;
    const announceNext = async (batch: readonly PlannedAnnouncement[]): Promise<readonly PlannedSession[]> => {
      const said = await announceBatch(batch, pair, sessions, effect, capture, context);
      attempts.push(...said.attempts);
      after = said.table;
      table = said.evidence ?? table;
      return said.overrun;
    };
    for (const batch of batchesOf(planned, () => Infinity)) {
      const overrun = await announceNext(batch);
      if (overrun.length === 0) continue;
      const endings = attempts.splice(0);
      // So many are taken that one by one they are seen only as far as there is room for them.
      await reopen(network, to, sessions, before.sessions);
      const seen = batchesOf(
        batch.filter((it) => overrun.includes(it.session)),
        room,
      );
      await announceNext(seen[0] ?? []);
      attempts.push(...endings);
      break;
    }
    return {
      attempts: [...attempts, ...sessions.map((session) => canaryOf(session, pair, plan, before, after))],
      evidence: [
        ...(table === undefined ? [] : [table]),
        await capture.keep(context, `announced-${from}`, `What ${from} said over BGP`),
      ],
    };
  } finally {
    await capture.stop();
    if ((await endedSince(before, to, sessions, context)).length > 0)
      await reopen(network, to, sessions, before.sessions);
  }
}

/** Announces a batch, looks what came of it, and takes it back. */
async function announceBatch(
  batch: readonly PlannedAnnouncement[],
  pair: Pair,
  sessions: readonly PlannedSession[],
  effect: Params['effect'],
  capture: Capture,
  context: ProbeContext,
): Promise<{
  readonly attempts: Attempt[];
  readonly table: Table;
  readonly overrun: readonly PlannedSession[];
  /** Of a batch of which something was taken, or that is the first. */
  readonly evidence?: Evidence;
}> {
  const { network, plan, signal } = context;
  const { from, to } = pair;
  const before = await look(to, sessions, context);
  const commands = commandsOf(batch, plan.nodes[from]?.as ?? 0, sessions);
  const earlier = new Map(sessions.map((it) => [it.remote, updatesIn(capture, it).length]));
  const speaker = network.node(from).spawn(['sh', '-ec', `${commands.announce}; echo announced; exec sleep infinity`], {
    signal,
    undo: commands.withdraw,
  });
  try {
    await speaker.waitFor(/^announced$/, 15_000);
    const arrival = await awaitArrival(pair, batch, before, earlier, capture, context);
    const decisions = effect === 'used' ? await awaitDecisions(pair, batch, sessions, arrival, context) : undefined;
    const [kernel, evidence] = await Promise.all([readKernel(to, context), keepTable(pair, sessions, context)]);
    return {
      overrun: arrival.overrun,
      attempts: [
        ...batch
          .filter((it) => !arrival.overrun.includes(it.session))
          .map((it) => attemptOf(it, pair, arrival, kernel, decisions)),
        ...arrival.overrun.map((session) => overrunOf(session, batch, pair, before)),
      ],
      table: arrival.table,
      evidence,
    };
  } finally {
    await speaker.stop();
    // The lie has left the router's tables before anybody else looks.
    await pollUntil(async () => {
      const { taken } = await look(to, sessions, { ...context, signal: AbortSignal.timeout(5000) });
      return !batch.some(({ prefix, session }) => taken.get(session.remote)?.includes(prefix));
    }, 5000);
  }
}

interface Arrival {
  table: Table;
  /** Announcements that left the announcing router in UPDATEs. */
  readonly left: ReadonlySet<PlannedAnnouncement>;
  /** Of these, those of sessions whose UPDATEs the other router has all read. */
  readonly read: ReadonlySet<PlannedAnnouncement>;
  /** Sessions that the other router ended, because it had taken more than its limit allows. */
  readonly overrun: readonly PlannedSession[];
}

/** How long UPDATEs may take to leave and to be read; nothing is concluded from it. */
const patienceMs = 5000;

function updatesIn(capture: Capture, { remote, local }: PlannedSession): string[][] {
  return readAnnouncements(
    capture.frames().map((it) => it.bytes),
    remote,
    local,
  );
}

/**
 * Waits until every prefix was seen leaving and the router has counted as many UPDATEs as left. bgpd
 * applies its policy while it reads a message, so that the table it shows then is its answer.
 */
async function awaitArrival(
  { to }: Pair,
  batch: readonly PlannedAnnouncement[],
  before: Table,
  earlier: ReadonlyMap<string, number>,
  capture: Capture,
  context: ProbeContext,
): Promise<Arrival> {
  const sessions = [...new Set(batch.map((it) => it.session))];
  const said = (session: PlannedSession): string[][] =>
    updatesIn(capture, session).slice(earlier.get(session.remote) ?? 0);
  const leftOver = (session: PlannedSession): PlannedAnnouncement[] => {
    const all = new Set(said(session).flat());
    return batch.filter((it) => it.session === session && all.has(it.prefix));
  };
  let table = before;
  const overrun = (): PlannedSession[] =>
    sessions.filter((it) => hasEnded(it, before, table) && table.sessions.get(it.remote)?.overLimit === true);
  const hasRead = (session: PlannedSession): boolean =>
    updatesOf(table, session) - updatesOf(before, session) >= said(session).length;
  await capture.until(() => sessions.flatMap(leftOver).length === batch.length, patienceMs);
  await pollUntil(
    async () => {
      table = await look(to, sessions, context);
      return sessions.every((it) => hasRead(it) || overrun().includes(it));
    },
    patienceMs,
    30,
  );
  return {
    table,
    left: new Set(sessions.flatMap(leftOver)),
    read: new Set(sessions.filter(hasRead).flatMap(leftOver)),
    overrun: overrun(),
  };
}

/** bgpd chooses the best of its routes a moment after it has read them, and then says by what. */
async function awaitDecisions(
  { to }: Pair,
  batch: readonly PlannedAnnouncement[],
  sessions: readonly PlannedSession[],
  arrival: Arrival,
  context: ProbeContext,
): Promise<ReadonlyMap<string, Decision>> {
  let decisions: ReadonlyMap<string, Decision> = new Map();
  const isDecided = ({ prefix, session }: PlannedAnnouncement): boolean =>
    !isIn(arrival.table.taken, session, prefix) ||
    isIn(arrival.table.best, session, prefix) ||
    decisions.get(prefix)?.compared === true;
  await pollUntil(
    async () => {
      arrival.table = await look(to, sessions, context);
      const losing = batch.filter(
        ({ prefix, session }) =>
          isIn(arrival.table.taken, session, prefix) && !isIn(arrival.table.best, session, prefix),
      );
      decisions = await readDecisions(
        losing.map((it) => it.prefix),
        to,
        context,
      );
      return batch.every(isDecided);
    },
    patienceMs,
    50,
  );
  return decisions;
}

function isIn(routes: ReadonlyMap<string, readonly string[]>, { remote }: PlannedSession, prefix: string): boolean {
  return routes.get(remote)?.includes(prefix) ?? false;
}

function updatesOf({ sessions }: Table, { remote }: PlannedSession): number {
  return sessions.get(remote)?.updatesReceived ?? 0;
}

function hasEnded({ remote }: PlannedSession, before: Table, now: Pick<Table, 'sessions'>): boolean {
  const was = before.sessions.get(remote);
  return was !== undefined && !isSameSession(was, now.sessions.get(remote));
}

async function endedSince(
  before: Table,
  to: string,
  sessions: readonly PlannedSession[],
  { network }: ProbeContext,
): Promise<PlannedSession[]> {
  const now = { sessions: await readSessions(network, to, AbortSignal.timeout(5000)) };
  return sessions.filter((it) => hasEnded(it, before, now));
}

async function look(
  to: string,
  sessions: readonly PlannedSession[],
  { network, signal }: Pick<ProbeContext, 'network' | 'signal'>,
): Promise<Table> {
  const [states, ...taken] = await Promise.all([
    readSessions(network, to, signal),
    ...sessions.map((session) =>
      network.node(to).exec(['vtysh', '-c', `${routesOf(session)} json`], { signal, timeoutMs: 5000 }),
    ),
  ]);
  const routes = (flag: 'valid' | 'bestpath'): Map<string, readonly string[]> =>
    new Map(sessions.map(({ remote }, index) => [remote, parseTaken(taken[index]?.stdout ?? '', flag)]));
  return { sessions: states, taken: routes('valid'), best: routes('bestpath') };
}

function routesOf({ family, remote }: PlannedSession): string {
  return `show bgp ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast neighbors ${remote} routes`;
}

const Routes = z.looseObject({
  routes: z
    .record(
      z.string(),
      z.array(z.looseObject({ valid: z.boolean().default(false), bestpath: z.boolean().default(false) })),
    )
    .default({}),
});

/**
 * The prefixes that a router took from a neighbour, or of these the best, in the JSON of `show bgp … neighbors X routes json`.
 * What it only remembers for dampening after a withdrawal (`h` in the table) is not valid.
 */
export function parseTaken(text: string, flag: 'valid' | 'bestpath' = 'valid'): string[] {
  if (!text.trimStart().startsWith('{')) return [];
  return Object.entries(Routes.parse(JSON.parse(text)).routes).flatMap(([prefix, paths]) =>
    paths.some((it) => it[flag]) ? [prefix] : [],
  );
}

/** Prefixes that the router forwards by because BGP said so, and where to. */
async function readKernel(to: string, { network, signal }: ProbeContext): Promise<ReadonlyMap<string, string>> {
  const [v4, v6] = await Promise.all(
    ['-4', '-6'].map((family) =>
      network.node(to).exec(['ip', family, '-j', 'route', 'show', 'proto', 'bgp'], { signal }),
    ),
  );
  return new Map(
    [...parseKernelRoutes(v4?.stdout ?? '', 'v4'), ...parseKernelRoutes(v6?.stdout ?? '', 'v6')].map(
      ({ prefix, gateways }) => [prefix, gateways.join(', ')],
    ),
  );
}

/** A route that another one beats by accident is used as soon as the other one comes and goes. */
function attemptOf(
  announcement: PlannedAnnouncement,
  { from, to }: Pair,
  { table, left, read }: Arrival,
  kernel: ReadonlyMap<string, string>,
  decisions: ReadonlyMap<string, Decision> | undefined,
): Attempt {
  const { label, prefix, path, session } = announcement;
  const [taken, best] = [table.taken, table.best].map((it) => isIn(it, session, prefix));
  const decision = taken === true && best !== true ? decisions?.get(prefix) : undefined;
  const undecided = decisions !== undefined && taken === true && best !== true && decision?.compared !== true;
  const byAccident = decision?.compared === true && !decision.byPolicy;
  const gateway = kernel.get(prefix);
  const forwards = gateway === undefined ? '' : ` and forwards it to ${gateway}`;
  const why = decision?.compared === true ? ` (another one is better by: ${decision.reason})` : '';
  const answer = best === true ? 'took the route as its best' : `took the route, not as its best${why},`;
  return {
    label: `${prefix}, ${label}${path.length > 0 ? `, with ${path.join(' ')} in its path` : ''}`,
    role: 'try',
    family: session.family,
    from,
    to,
    sent: left.has(announcement),
    succeeded: decisions === undefined ? taken === true : best === true || byAccident,
    // bgpd applies its policy while it reads, and counts what it has read.
    ...(read.has(announcement) && !undecided ? { proof: 'counted' as const } : {}),
    seen: read.has(announcement)
      ? `${to} got the UPDATE from ${session.remote} and ${taken === true ? answer + forwards : 'refused the route'}`
      : `no UPDATE with ${prefix} was seen to go from ${session.remote} to ${session.local} and to be read there`,
    repeat: `breakwater exec ${from} -- ${commandsOf([announcement], announcement.session.remoteAs, [session]).announce}`,
  };
}

/** The router took so many that its own limit ended the session: which ones nobody can see any more. */
function overrunOf(
  session: PlannedSession,
  batch: readonly PlannedAnnouncement[],
  { from, to }: Pair,
  before: Table,
): Attempt {
  const said = batch.filter((it) => it.session === session);
  const limit = before.sessions.get(session.remote)?.limit ?? 0;
  return {
    label: `${said.length} prefixes at once`,
    role: 'try',
    family: session.family,
    from,
    to,
    sent: true,
    succeeded: true,
    seen: `${to} took so many of them from ${session.remote} that its limit of ${limit} ended the session`,
    repeat: `breakwater exec ${from} -- ${commandsOf(said.slice(0, limit), session.remoteAs, [session]).announce}`,
  };
}

/** Silence means something only on a session that goes on and carries what it should. */
function canaryOf(session: PlannedSession, { from, to }: Pair, plan: Plan, before: Table, after: Table): Attempt {
  const { family, remote } = session;
  const state = before.sessions.get(remote);
  const same = state !== undefined && isSameSession(state, after.sessions.get(remote));
  const own = (plan.nodes[from]?.prefixes ?? []).filter((it) => familyOf(it) === family);
  const missing = own.filter((prefix) => !after.taken.get(remote)?.includes(prefix));
  return {
    label: `what ${from} announces rightly`,
    role: 'canary',
    family,
    from,
    to,
    sent: true,
    succeeded: same && missing.length === 0,
    seen: same
      ? missing.length === 0
        ? `the session with ${remote} went on and carries ${own.join(', ') || 'nothing'}`
        : `${to} does not take ${missing.join(', ')} from ${remote}`
      : `the session of ${to} with ${remote} is ${after.sessions.get(remote)?.state ?? 'not configured'}, and did not stay up all the time`,
    repeat: `breakwater exec ${to} -- vtysh -c '${routesOf(session)}'`,
  };
}

async function keepTable(
  { from, to }: Pair,
  sessions: readonly PlannedSession[],
  { network, signal, keep }: ProbeContext,
): Promise<Evidence> {
  const command = ['vtysh', ...sessions.flatMap((it) => ['-c', routesOf(it)])];
  const { stdout } = await network.node(to).exec(command, { signal });
  // The head of the table explains codes that the excerpt has no room for.
  const lines = stdout.split('\n').filter((line) => /^[*> sdhr]{2,}|Network/.test(line));
  return {
    kind: 'table',
    title: `What ${to} has taken from ${from} while it is announced`,
    file: await keep(`taken-${from}.txt`, stdout),
    command: `breakwater exec ${to} -- vtysh ${sessions.map((it) => `-c '${routesOf(it)}'`).join(' ')}`,
    excerpt: lines.join('\n') || '(nothing)',
  };
}
