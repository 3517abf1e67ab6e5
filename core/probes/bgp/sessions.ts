import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import { parsePrefix } from '../../model/ip.ts';
import { type Family, familyOf, type Plan } from '../../model/plan.ts';
import type { Network } from '../../runtime/runtime.ts';
import { pollUntil } from '../capture.ts';

/** A session as the plan has it, seen from one side. */
export interface PlannedSession {
  readonly family: Family;
  readonly local: string;
  readonly remote: string;
  readonly remoteAs: number;
  /** The network that both are on, with its length: `100.64.50.0/24`. */
  readonly prefixLength: number;
}

/** The two ends of a session, wherever they are: iBGP goes from loopback to loopback. */
export interface SessionEnds {
  readonly family: Family;
  readonly local: string;
  readonly remote: string;
}

/** A session as bgpd has it. */
export interface SessionState {
  readonly state: string;
  /** How often it left Established since bgpd started. */
  readonly dropped: number;
  /** Seconds since the epoch when it was last Established; 0 when never. */
  readonly since: number;
  /** UPDATE messages read from the neighbour since bgpd started. */
  readonly updatesReceived: number;
  readonly updatesSent: number;
  /** All messages read from the neighbour, keepalives too: while it grows, both ends believe in the connection. */
  readonly messagesReceived: number;
  /** Prefixes that the neighbour is told, or is about to be. */
  readonly announced: number;
  /** Prefixes taken from the neighbour that are in the table now. */
  readonly accepted: number;
  /** How many prefixes may be taken from the neighbour before the session is ended; undefined without a limit. */
  readonly limit?: number;
  /** Whether the session ended last because there were more. */
  readonly overLimit: boolean;
  /** When bgpd opens it again by itself, after too many prefixes; undefined when it does not. */
  readonly restartsInMs?: number;
}

/** The sessions between a node and a neighbour that is on a network of one of its interfaces, one a family. */
export function plannedSessions(plan: Plan, node: string, neighbour: string): PlannedSession[] {
  const planned = plan.nodes[node];
  const entry = planned?.bgp.find((it) => it.node === neighbour);
  if (planned === undefined || entry === undefined)
    throw new LabError('invalid-file', `the plan has no BGP session between ${node} and ${neighbour}`, {
      hint: 'see `bgp:` of the node in plan.yml',
    });
  const own = Object.values(planned.interfaces).flatMap((it) => it.addresses);
  return entry.addresses.flatMap((remote) => {
    const cidr = own.find((it) => {
      const { network, prefixLength } = parsePrefix(it);
      return familyOf(it) === familyOf(remote) && parsePrefix(`${remote}/${prefixLength}`).network === network;
    });
    if (cidr === undefined) return [];
    const { address: local, prefixLength } = parsePrefix(cidr);
    return [{ family: familyOf(remote), local, remote, remoteAs: entry.as, prefixLength }];
  });
}

/** The sessions between two nodes, one a family, by the addresses that each has for the other in the plan. */
export function sessionEnds(plan: Plan, node: string, neighbour: string): SessionEnds[] {
  const addresses = (from: string, to: string): readonly string[] =>
    plan.nodes[from]?.bgp.find((it) => it.node === to)?.addresses ?? [];
  const ends = addresses(node, neighbour).flatMap((remote) => {
    const family = familyOf(remote);
    const local = addresses(neighbour, node).find((it) => familyOf(it) === family);
    return local === undefined ? [] : [{ family, local, remote }];
  });
  if (ends.length > 0) return ends;
  throw new LabError('invalid-file', `the plan has no BGP session between ${node} and ${neighbour}`, {
    hint: 'see `bgp:` of both nodes in plan.yml',
  });
}

/** The interface of a node that has one of the addresses. */
export function interfaceWith(plan: Plan, node: string, addresses: readonly string[]): string {
  const found = Object.entries(plan.nodes[node]?.interfaces ?? {}).find(([, { addresses: own }]) =>
    own.some((cidr) => addresses.includes(parsePrefix(cidr).address)),
  );
  if (found !== undefined) return found[0];
  throw new LabError('invalid-file', `the plan has no interface of ${node} with ${addresses.join(' or ')}`, {
    hint: 'see `interfaces:` of the node in plan.yml',
  });
}

/** Every neighbour of a node by address, as `show bgp neighbors json` says. Where bgpd does not run there is none. */
export async function readSessions(
  network: Network,
  node: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SessionState>> {
  const command = ['vtysh', '-c', 'show bgp neighbors json'];
  return parseSessions((await network.node(node).exec(command, { signal, timeoutMs: 5000 })).stdout);
}

const Neighbour = z.looseObject({
  bgpState: z.string(),
  connectionsDropped: z.number().default(0),
  bgpTimerUpEstablishedEpoch: z.number().default(0),
  messageStats: z
    .looseObject({
      updatesRecv: z.number().default(0),
      updatesSent: z.number().default(0),
      totalRecv: z.number().default(0),
    })
    .default({ updatesRecv: 0, updatesSent: 0, totalRecv: 0 }),
  addressFamilyInfo: z
    .record(
      z.string(),
      z.looseObject({
        acceptedPrefixCounter: z.number().default(0),
        sentPrefixCounter: z.number().default(0),
        prefixAllowedMax: z.number().optional(),
      }),
    )
    .default({}),
  restartInTimerMsec: z.number().optional(),
  lastNotificationReason: z.string().default(''),
});

/** Reads what `show bgp neighbors json` says (FRR): JSON, or a sentence when there is no bgpd. */
export function parseSessions(text: string): ReadonlyMap<string, SessionState> {
  const sessions = new Map<string, SessionState>();
  if (!text.trimStart().startsWith('{')) return sessions;
  for (const [address, entry] of Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text)))) {
    const neighbour = Neighbour.safeParse(entry);
    // The table also has members that are no neighbours.
    if (!neighbour.success) continue;
    const families = Object.values(neighbour.data.addressFamilyInfo);
    const limits = families.flatMap((it) => it.prefixAllowedMax ?? []);
    sessions.set(address, {
      state: neighbour.data.bgpState,
      dropped: neighbour.data.connectionsDropped,
      since: neighbour.data.bgpTimerUpEstablishedEpoch,
      updatesReceived: neighbour.data.messageStats.updatesRecv,
      updatesSent: neighbour.data.messageStats.updatesSent,
      messagesReceived: neighbour.data.messageStats.totalRecv,
      announced: families.reduce((sum, it) => sum + it.sentPrefixCounter, 0),
      accepted: families.reduce((sum, it) => sum + it.acceptedPrefixCounter, 0),
      ...(limits.length === 0 ? {} : { limit: Math.min(...limits) }),
      overLimit: /Maximum Number of Prefixes/.test(neighbour.data.lastNotificationReason),
      ...(neighbour.data.restartInTimerMsec === undefined ? {} : { restartsInMs: neighbour.data.restartInTimerMsec }),
    });
  }
  return sessions;
}

/** Whether an Established session is still the same one. bgpd rounds `since`, so that it may differ by a second. */
export function isSameSession(before: SessionState, after: SessionState | undefined): boolean {
  return (
    after?.state === 'Established' && after.dropped === before.dropped && Math.abs(after.since - before.since) <= 1
  );
}

/**
 * Opens sessions that somebody's limit ended, whose own timer would take a minute, and waits until they carry what
 * they did before.
 */
export async function reopen(
  network: Network,
  router: string,
  sessions: readonly SessionEnds[],
  before: ReadonlyMap<string, SessionState>,
): Promise<void> {
  const signal = AbortSignal.timeout(14_000);
  const states = await readSessions(network, router, signal);
  const down = sessions.filter(({ remote }) => states.get(remote)?.state !== 'Established');
  const clear = down.flatMap(({ family, remote }) => [
    '-c',
    `clear bgp ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast ${remote}`,
  ]);
  if (down.length > 0) await network.node(router).exec(['vtysh', ...clear], { signal });
  await pollUntil(
    async () => {
      const now = await readSessions(network, router, signal);
      return sessions.every(
        ({ remote }) =>
          now.get(remote)?.state === 'Established' && now.get(remote)?.accepted === before.get(remote)?.accepted,
      );
    },
    12_000,
    100,
  );
}
