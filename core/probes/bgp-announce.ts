import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { parsePrefix } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { familyOf, type Plan } from '../model/plan.ts';
import { parseKernelRoutes } from './bgp-session.ts';
import {
  isSameSession,
  plannedSessions,
  type PlannedSession,
  readSessions,
  type SessionState,
} from './bgp/sessions.ts';
import { readAnnouncements } from './bgp/updates.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import type { Frame } from './pcap.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('The router that announces; it must have a session with `to` in the plan'),
  to: NodeName.describe('The router that is told'),
  announce: z
    .array(
      z.strictObject({
        label: z.string().min(1).describe('What these prefixes are'),
        prefixes: z.array(z.union([z.cidrv4(), z.cidrv6()])).min(1),
        path: z
          .array(z.number().int().positive())
          .default([])
          .describe('AS numbers behind that of `from`, as if it passed on what it heard: a leak, or a forged origin'),
      }),
    )
    .min(1)
    .describe('What is announced, with the AS number of `from` as origin unless a path says more, and withdrawn again'),
  effect: z
    .enum(['taken', 'used'])
    .default('taken')
    .describe('What counts: the route is in the table of `to`, best or not; or `to` forwards by it'),
});
type Params = z.infer<typeof Params>;

interface PlannedAnnouncement {
  readonly label: string;
  readonly prefix: string;
  /** AS numbers behind the announcing one. */
  readonly path: readonly number[];
  readonly session: PlannedSession;
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
  nodes: ({ from, to }) => [from, to],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { from, to } = params;
  const sessions = plannedSessions(plan, to, from);
  const planned = planAnnouncements(params, sessions);
  const iface = interfaceOf(plan, from, sessions);
  const before = await look(to, sessions, context);
  const capture = await startCapture(network, from, iface, 'tcp port 179', signal);
  try {
    const commands = commandsOf(planned, plan.nodes[from]?.as ?? 0, sessions);
    const speaker = network
      .node(from)
      .spawn(['sh', '-ec', `${commands.announce}; echo announced; exec sleep infinity`], {
        signal,
        undo: commands.withdraw,
      });
    try {
      await speaker.waitFor(/^announced$/, 8000);
      const arrival = await awaitArrival(params, planned, before, capture, context);
      if (params.effect === 'used') await awaitDecision(params, planned, arrival, context);
      const [kernel, table] = await Promise.all([readKernel(to, context), keepTable(params, sessions, context)]);
      const attempts = [
        ...planned.map((it) => attemptOf(it, params, arrival, kernel, commands.announce)),
        ...sessions.map((session) => canaryOf(session, params, plan, before, arrival.table)),
      ];
      return {
        attempts,
        evidence: [table, await capture.keep(context, `announced-${from}`, `What ${from} said over BGP`)],
      };
    } finally {
      await speaker.stop();
    }
  } finally {
    await capture.stop();
    // The lie has left the router's tables before anybody else looks.
    await pollUntil(async () => {
      const { taken } = await look(to, sessions, { ...context, signal: AbortSignal.timeout(5000) });
      return !planned.some(({ prefix, session }) => taken.get(session.remote)?.includes(prefix));
    }, 5000);
  }
}

/** Each prefix in its one spelling, over the session of its family. A family without a session is left out. */
export function planAnnouncements(
  { announce }: Pick<Params, 'announce'>,
  sessions: readonly PlannedSession[],
): PlannedAnnouncement[] {
  return announce.flatMap(({ label, prefixes, path }) =>
    prefixes.flatMap((text) => {
      const { network, prefixLength } = parsePrefix(text);
      const session = sessions.find((it) => it.family === familyOf(text));
      return session === undefined ? [] : [{ label, prefix: `${network}/${prefixLength}`, path, session }];
    }),
  );
}

/**
 * bgpd announces what the routing table lacks only when it does not look there (`bgp network import-check`,
 * FRR 8.4). A path is put behind its own AS on the way out: filters of the neighbour for what is its own
 * look at the route before.
 */
export function commandsOf(
  planned: readonly PlannedAnnouncement[],
  as: number,
  sessions: readonly PlannedSession[],
): { readonly announce: string; readonly withdraw: string } {
  const vtysh = (lines: readonly string[]): string =>
    ['vtysh', ...['configure terminal', ...lines].map((line) => `-c '${line}'`)].join(' ');
  const families = (['v4', 'v6'] as const).map((family) => ({
    unicast: `address-family ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast`,
    own: planned.filter(({ prefix }) => familyOf(prefix) === family),
    neighbours: sessions
      .filter((it) => it.family === family)
      .map(({ local }) => `neighbor ${local} route-map ${forged} out`),
  }));
  const networks = (no: string): string[] =>
    families.flatMap(({ unicast, own, neighbours }) => {
      const rewrite = own.some(({ path }) => path.length > 0) ? neighbours.map((it) => no + it) : [];
      const said = own.map(({ prefix }) => `${no}network ${prefix}`);
      // A path is there before its prefix is said, and as long as it is.
      const lines = no === '' ? [...rewrite, ...said] : [...said, ...rewrite];
      return own.length === 0 ? [] : [unicast, ...lines, 'exit-address-family'];
    });
  const paths = forgedPaths(planned);
  return {
    announce: vtysh([...paths.make, `router bgp ${as}`, 'no bgp network import-check', ...networks('')]),
    // First what withdraws them all: vtysh stops at the first line that it does not like.
    withdraw: vtysh([`router bgp ${as}`, 'bgp network import-check', ...networks('no '), 'exit', ...paths.remove]),
  };
}

/** Name of the route-map and prefix lists that forge paths; nobody's configuration has it. */
const forged = 'BREAKWATER-FORGED';

/** A route-map that puts each path behind the prefixes that have it, and leaves everything else alone. */
function forgedPaths(planned: readonly PlannedAnnouncement[]): {
  readonly make: readonly string[];
  readonly remove: readonly string[];
} {
  const told = planned.filter(({ path }) => path.length > 0);
  if (told.length === 0) return { make: [], remove: [] };
  const entries = told.map(({ prefix, path }, index) => {
    const ip = familyOf(prefix) === 'v4' ? 'ip' : 'ipv6';
    const list = `${forged}-${index}`;
    return {
      list: `${ip} prefix-list ${list}`,
      make: [
        `${ip} prefix-list ${list} permit ${prefix}`,
        `route-map ${forged} permit ${index + 1}`,
        `match ${ip} address prefix-list ${list}`,
        `set as-path prepend ${path.join(' ')}`,
        'exit',
      ],
    };
  });
  return {
    make: [...entries.flatMap((it) => it.make), `route-map ${forged} permit 9999`, 'exit'],
    remove: [`no route-map ${forged}`, ...entries.map((it) => `no ${it.list}`)],
  };
}

interface Arrival {
  table: Table;
  /** Prefixes that left the announcing router in UPDATEs, all of which the other has read. */
  readonly arrived: ReadonlySet<string>;
}

/**
 * Waits until every prefix was seen leaving and the router has counted as many UPDATEs as left. bgpd
 * applies its policy while it reads a message, so that the table it shows then is its answer.
 */
async function awaitArrival(
  { to }: Params,
  planned: readonly PlannedAnnouncement[],
  before: Table,
  capture: Capture,
  context: ProbeContext,
): Promise<Arrival> {
  const sessions = [...new Set(planned.map((it) => it.session))];
  const updates = (frames: readonly Frame[], { remote, local }: PlannedSession): readonly string[][] =>
    readAnnouncements(
      frames.map((it) => it.bytes),
      remote,
      local,
    );
  await capture.until((frames) => {
    const left = new Set(sessions.flatMap((it) => updates(frames, it).flat()));
    return planned.every((it) => left.has(it.prefix));
  }, 2000);
  const left = new Map(sessions.map((it) => [it.remote, updates(capture.frames(), it)]));
  let arrival: Arrival = { table: before, arrived: new Set() };
  await pollUntil(
    async () => {
      const table = await look(to, sessions, context);
      const read = [...left].filter(
        ([remote, said]) => updatesOf(table, remote) - updatesOf(before, remote) >= said.length,
      );
      arrival = { table, arrived: new Set(read.flatMap(([, said]) => said.flat())) };
      return read.length === left.size;
    },
    2000,
    30,
  );
  return arrival;
}

/** bgpd chooses the best of its routes a moment after it has read them (50 ms, FRR 8.4). */
async function awaitDecision(
  { to }: Params,
  planned: readonly PlannedAnnouncement[],
  arrival: Arrival,
  context: ProbeContext,
): Promise<void> {
  const sessions = [...new Set(planned.map((it) => it.session))];
  await pollUntil(async () => {
    arrival.table = await look(to, sessions, context);
    return planned.every((it) => arrival.table.best.get(it.session.remote)?.includes(it.prefix));
  }, 500);
}

function updatesOf({ sessions }: Table, remote: string): number {
  return sessions.get(remote)?.updatesReceived ?? 0;
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

function attemptOf(
  { label, prefix, path, session }: PlannedAnnouncement,
  { from, to, effect }: Params,
  { table, arrived }: Arrival,
  kernel: ReadonlyMap<string, string>,
  repeat: string,
): Attempt {
  const sent = arrived.has(prefix);
  const taken = table.taken.get(session.remote)?.includes(prefix) ?? false;
  const best = table.best.get(session.remote)?.includes(prefix) ?? false;
  const gateway = kernel.get(prefix);
  const forwards = gateway === undefined ? '' : ` and forwards it to ${gateway}`;
  const answer = best ? 'took the route as its best' : 'took the route, not as its best,';
  return {
    label: `${prefix}, ${label}${path.length > 0 ? `, with ${path.join(' ')} in its path` : ''}`,
    role: 'try',
    family: session.family,
    from,
    to,
    sent,
    succeeded: effect === 'used' ? best : taken,
    seen: sent
      ? `${to} got the UPDATE from ${session.remote} and ${taken ? answer + forwards : 'refused the route'}`
      : `no UPDATE with ${prefix} was seen to go from ${session.remote} to ${session.local} and to be read there`,
    repeat: `breakwater exec ${from} -- ${repeat}`,
  };
}

/** Silence means something only on a session that goes on and carries what it should. */
function canaryOf(session: PlannedSession, { from, to }: Params, plan: Plan, before: Table, after: Table): Attempt {
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
  { from, to }: Params,
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
    file: await keep(`taken-${to}.txt`, stdout),
    command: `breakwater exec ${to} -- vtysh ${sessions.map((it) => `-c '${routesOf(it)}'`).join(' ')}`,
    excerpt: lines.join('\n') || '(nothing)',
  };
}

/** The interface of the announcing router that has its end of the sessions. */
function interfaceOf(plan: Plan, from: string, sessions: readonly PlannedSession[]): string {
  const own = sessions.map((it) => it.remote);
  const found = Object.entries(plan.nodes[from]?.interfaces ?? {}).find(([, { addresses }]) =>
    addresses.some((cidr) => own.includes(parsePrefix(cidr).address)),
  );
  if (found === undefined)
    throw new LabError('invalid-file', `the plan has no interface of ${from} towards its BGP neighbour`, {
      hint: 'see `interfaces:` of the node in plan.yml',
    });
  return found[0];
}
