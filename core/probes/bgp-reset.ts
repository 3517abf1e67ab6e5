import { z } from 'zod';

import { commandFailed } from '../exec/command.ts';
import { InterfaceName, NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { LabError } from '../model/errors.ts';
import { addressPair } from './address-pair.ts';
import {
  isSameSession,
  plannedSessions,
  type PlannedSession,
  readSessions,
  type SessionState,
} from './bgp/sessions.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { raiseInterface } from './raise-interface.ts';

const Params = z.strictObject({
  attacker: NodeName.describe('A third host on the segment of the two routers'),
  interface: InterfaceName.describe('Its interface on that segment; raised for the attack if it is down'),
  victim: NodeName.describe('One router of the session'),
  neighbour: NodeName.describe('The other router'),
  count: z.number().int().min(2).max(20).default(3).describe('Forged segments for each session'),
});
type Params = z.infer<typeof Params>;

/** Both ends of the sessions: a forgery that only one end believes ends the session too. */
interface Ends {
  readonly victim: ReadonlyMap<string, SessionState>;
  readonly neighbour: ReadonlyMap<string, SessionState>;
  /** Segments that a kernel of the two refused for want of a signature (TcpExtTCPMD5NotFound, TcpExtTCPMD5Failure). */
  readonly refused: number;
}

/** Overhears the BGP sessions of others and forges segments into them that end them. */
export const bgpReset = defineProbe({
  name: 'bgp-reset',
  summary:
    'From a third host on the segment, overhears BGP sessions and ends them with forged TCP resets and notifications.',
  params: Params,
  exclusive: true,
  nodes: ({ attacker, victim, neighbour }) => [attacker, victim, neighbour],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { attacker, interface: iface, victim, neighbour } = params;
  const sessions = plannedSessions(plan, victim, neighbour);
  const before = await settledEnds(sessions, params, context);
  requireEstablished(sessions, before, params);

  const raised = await raiseInterface(network, attacker, iface, [], signal);
  try {
    const capture = await startCapture(network, attacker, iface, forgedFilter, signal);
    try {
      return await attack(params, sessions, before, capture, context);
    } finally {
      await capture.stop();
    }
  } finally {
    await raised.stop();
    // What the attack broke heals by itself; nothing else may look at the network before.
    await pollUntil(
      async () => {
        const states = await readSessions(network, victim, AbortSignal.timeout(5000));
        return sessions.every(({ remote }) => states.get(remote)?.state === 'Established');
      },
      10_000,
      100,
    );
  }
}

/** Ours are known by their window. tcpdump looks into TCP by name for IPv4 only: byte 14 there is byte 54 of an IPv6 packet. */
const forgedFilter = '(tcp port 179 and tcp[14:2] = 4321) or (ip6 proto 6 and ip6[54:2] = 4321)';

async function attack(
  params: Params,
  sessions: readonly PlannedSession[],
  before: Ends,
  capture: Capture,
  context: ProbeContext,
): Promise<Observation> {
  const { attacker } = params;
  const argv = [tool, orderOf(sessions, params)];
  const result = await context.network.node(attacker).exec(argv, { signal: context.signal, timeoutMs: 8000 });
  if (result.exitCode !== 0) throw commandFailed(result);
  const total = result.stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '').length;
  const forged = (session: PlannedSession): number =>
    segmentsOf(
      capture.frames().map((it) => it.bytes),
      session,
    );
  await pollUntil(() => sessions.reduce((sum, session) => sum + forged(session), 0) >= total, 300, 10);

  // Settled as soon as every segment was refused, or every session has ended; at the latest after the deadline.
  let after = await readEnds(params, context);
  await pollUntil(
    async () => {
      const settled =
        after.refused - before.refused >= total || sessions.every((session) => hasEnded(session, before, after));
      if (!settled) after = await readEnds(params, context);
      return settled;
    },
    400,
    50,
  );
  const attempts = sessions.map((session) => attemptOf(session, params, before, after, forged(session)));
  const evidence = [
    await capture.keep(context, `forged-${attacker}`, `Forged segments that left ${attacker}`),
    await keepStates(params, sessions, before, after, context),
  ];
  return { attempts, evidence };
}

const tool = '/usr/lib/breakwater/attacks/reset-sessions';

function orderOf(sessions: readonly PlannedSession[], { interface: iface, count }: Params): string {
  const pairs = sessions.map(({ local, remote }) => [local, remote]);
  return JSON.stringify({ interface: iface, sessions: pairs, count, seconds: 4 });
}

/** How many frames go from one end of the session to the other, in either direction. */
export function segmentsOf(
  frames: readonly Buffer[],
  { local, remote }: Pick<PlannedSession, 'local' | 'remote'>,
): number {
  const pairs = [addressPair(local, remote), addressPair(remote, local)];
  return frames.filter((frame) => pairs.some((pair) => frame.includes(pair))).length;
}

async function readEnds({ victim, neighbour }: Params, { network, signal }: ProbeContext): Promise<Ends> {
  const refused = (node: string): Promise<number> =>
    network
      .node(node)
      .exec(['nstat', '-asz', 'TcpExtTCPMD5NotFound', 'TcpExtTCPMD5Failure'], { signal })
      .then(({ stdout }) => sumOfCounters(stdout));
  const [states, neighbourStates, ...counts] = await Promise.all([
    readSessions(network, victim, signal),
    readSessions(network, neighbour, signal),
    refused(victim),
    refused(neighbour),
  ]);
  return { victim: states, neighbour: neighbourStates, refused: counts.reduce((sum, it) => sum + it, 0) };
}

/** Adds up what `nstat` prints: `TcpExtTCPMD5NotFound            3                  0.0`. */
export function sumOfCounters(text: string): number {
  return [...text.matchAll(/^\w+\s+(\d+)/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** The hold time of the routers, 9 s, and a little for the session to open again. */
const holdMs = 12_000;

/**
 * A session that only one end believes in cannot be attacked: nothing passes that could be overheard.
 * Routers that drop resets have such sessions after a restart, until the hold timer expires (RFC 4271, section 6.5).
 */
async function settledEnds(sessions: readonly PlannedSession[], params: Params, context: ProbeContext): Promise<Ends> {
  let ends = await readEnds(params, context);
  // A session that neither end has is not on its way back.
  if (sessions.every((it) => believersIn(it, ends) !== 1)) return ends;
  await pollUntil(
    async () => {
      ends = await readEnds(params, context);
      return sessions.every((it) => believersIn(it, ends) === 2);
    },
    holdMs,
    200,
  );
  return ends;
}

/** How many ends of a session have it as Established. */
function believersIn({ local, remote }: PlannedSession, { victim, neighbour }: Ends): number {
  return [victim.get(remote), neighbour.get(local)].filter((it) => it?.state === 'Established').length;
}

function requireEstablished(sessions: readonly PlannedSession[], ends: Ends, { victim, neighbour }: Params): void {
  const down = sessions.filter((it) => believersIn(it, ends) < 2).map(({ remote }) => remote);
  if (down.length === 0) return;
  throw new LabError(
    'not-ready',
    `there is nothing to reset: ${victim} has no Established session with ${neighbour} (${down.join(', ')})`,
    {
      hint: `breakwater exec ${victim} -- vtysh -c 'show bgp summary'`,
    },
  );
}

function hasEnded({ local, remote }: PlannedSession, before: Ends, after: Ends): boolean {
  const changed = (was: SessionState | undefined, is: SessionState | undefined): boolean =>
    was !== undefined && !isSameSession(was, is);
  return (
    changed(before.victim.get(remote), after.victim.get(remote)) ||
    changed(before.neighbour.get(local), after.neighbour.get(local))
  );
}

function attemptOf(session: PlannedSession, params: Params, before: Ends, after: Ends, frames: number): Attempt {
  const { attacker, interface: iface, victim, neighbour } = params;
  const { family, local, remote } = session;
  // A session that ended without a segment of ours ended for another reason, and proves nothing.
  const reset = frames > 0 && hasEnded(session, before, after);
  const dropped = [before, after].map((it) => it.victim.get(remote)?.dropped ?? 0);
  return {
    label: `forged segments into the session ${local} – ${remote}`,
    role: 'try',
    family,
    from: attacker,
    to: victim,
    sent: reset || frames >= params.count,
    succeeded: reset,
    seen: reset
      ? `after ${frames} forged segments the session of ${victim} and ${neighbour} had ended (sessions dropped so far: ${dropped.join(' → ')})`
      : `${frames} forged segments were sent, the session goes on; the kernels refused ${after.refused - before.refused} of both sessions`,
    repeat: `breakwater exec ${attacker} -- sh -c 'ip link set ${iface} up && ${tool} "$0"' '${orderOf([session], params)}'`,
  };
}

async function keepStates(
  { victim, neighbour }: Params,
  sessions: readonly PlannedSession[],
  before: Ends,
  after: Ends,
  { keep }: ProbeContext,
) {
  const line = (when: string, node: string, address: string, state: SessionState | undefined): string =>
    `${when} ${node} ${address}: ${state?.state ?? 'no session'}, dropped ${state?.dropped ?? 0} times, since ${new Date((state?.since ?? 0) * 1000).toISOString()}`;
  const excerpt = sessions
    .flatMap(({ local, remote }) =>
      [before, after].flatMap((ends, index) => [
        line(index === 0 ? 'before' : 'after ', victim, remote, ends.victim.get(remote)),
        line(index === 0 ? 'before' : 'after ', neighbour, local, ends.neighbour.get(local)),
      ]),
    )
    .concat(
      `unsigned segments refused (TcpExtTCPMD5NotFound + TcpExtTCPMD5Failure, both ends): ${before.refused} → ${after.refused}`,
    )
    .join('\n');
  const command = `breakwater exec ${victim} -- sh -c "vtysh -c 'show bgp neighbors' | grep -E 'neighbor is|dropped|Last reset'; nstat -az TcpExtTCPMD5NotFound"`;
  return {
    kind: 'counter' as const,
    title: 'The sessions before and after',
    file: await keep('sessions.txt', excerpt),
    command,
    excerpt,
  };
}
