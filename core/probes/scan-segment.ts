import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { parsePrefix } from '../model/ip.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { type Family, familyOf, type Plan } from '../model/plan.ts';
import { addressBytes, addressPair } from './address-pair.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('A router on the segment, from which it is searched'),
  segment: z
    .string()
    .describe('The segment, as interfaces of the plan name it; who has an address there belongs there'),
  listeners: z
    .array(NodeName)
    .min(1)
    .describe('Nodes that are cabled to the segment and do not belong there; taken for broken into as they stand'),
});
type Params = z.infer<typeof Params>;

/** A router that belongs on the segment. */
interface Resident {
  readonly node: string;
  readonly family: Family;
  readonly address: string;
  /** With its length. */
  readonly network: string;
}

/** Looks who is on a segment, and who overhears what others say there. */
export const scanSegment = defineProbe({
  name: 'scan-segment',
  summary:
    'Searches a segment for stations that do not belong there, by ARP and IPv6 multicast, and looks whether a host cabled to it overhears others.',
  params: Params,
  nodes: ({ from, listeners }) => [from, ...listeners],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { from, segment, listeners } = params;
  const port = portsOn(plan, from, segment)[0];
  if (port === undefined)
    throw new LabError('invalid-file', `the plan has no interface of ${from} on ${segment}`, { hint: 'see plan.yml' });
  const residents = residentsOf(plan, segment);
  const own = residents.filter((it) => it.node === from);
  const others = residents.filter((it) => it.node !== from);
  const search = searchFrom(port, own, others);
  const captures = new Map<string, Capture>();
  try {
    const outside = await startCapture(network, from, port, 'not tcp', signal);
    captures.set(from, outside);
    for (const { node, port: ear } of await openEars(listeners, segment, context))
      captures.set(node, await startCapture(network, node, ear, 'not tcp', signal));
    const { stdout: link } = await network.node(from).exec(['cat', `/sys/class/net/${port}/address`], { signal });
    await network.node(from).exec(['sh', '-c', search.join('\n')], { signal, timeoutMs: 8000 });
    await pollUntil(() => others.every((it) => answers(outside, it)), 500);

    const frames = outside.frames().map((it) => it.bytes);
    const strangers = strangersIn(frames, residents, link.trim());
    const families = (['v4', 'v6'] as const).filter((family) => own.some((it) => it.family === family));
    return {
      attempts: families.flatMap((family) => [
        strangerAttempt(family, strangers[family], searched(frames, family), params, search),
        ...listeners.map((node) => overhearing(node, family, own, others, captures, params, port)),
        ...others.filter((it) => it.family === family).map((it) => residentCanary(it, answers(outside, it), params)),
      ]),
      evidence: await Promise.all(
        [...captures.values()].map((it) =>
          it.keep(context, `segment-${it.node}`, `What is heard at ${it.node}:${it.interface}`),
        ),
      ),
    };
  } finally {
    await Promise.all([...captures.values()].map((it) => it.stop()));
  }
}

/** The node's interfaces that are cabled to the segment. */
function portsOn(plan: Plan, node: string, segment: string): string[] {
  return Object.entries(plan.nodes[node]?.interfaces ?? {}).flatMap(([name, { to }]) => (to === segment ? [name] : []));
}

/** Who has an address on the segment by the plan. */
export function residentsOf(plan: Plan, segment: string): Resident[] {
  return Object.entries(plan.nodes).flatMap(([node, { interfaces }]) =>
    Object.values(interfaces)
      .filter(({ to }) => to === segment)
      .flatMap(({ addresses }) =>
        addresses.map((cidr) => {
          const { address, network, prefixLength } = parsePrefix(cidr);
          return { node, family: familyOf(address), address, network: `${network}/${prefixLength}` };
        }),
      ),
  );
}

/** A port that is down hears nothing, whatever else is true of the host. */
async function openEars(
  listeners: readonly string[],
  segment: string,
  { network, plan, signal }: ProbeContext,
): Promise<{ node: string; port: string }[]> {
  const ears = listeners.flatMap((node) => portsOn(plan, node, segment).map((port) => ({ node, port })));
  const up = await Promise.all(
    ears.map(async ({ node, port }) => {
      const { exitCode, stdout } = await network.node(node).exec(['cat', `/sys/class/net/${port}/flags`], { signal });
      return exitCode === 0 && (Number(stdout) & 1) !== 0; // IFF_UP, netdevice(7)
    }),
  );
  return ears.filter((_, index) => up[index]);
}

/** A Linux host that answers ARP for others waits up to 0.8 s first (proxy_delay, arp(7)); its answer counts, too. */
const answerMs = 1200;

/** Every IPv4 address is asked for by ARP; IPv6 has too many, but all nodes answer to ff02::1 (RFC 4443, section 4.2). */
function searchFrom(port: string, own: readonly Resident[], others: readonly Resident[]): string[] {
  const sweeps = own
    .filter((it) => it.family === 'v4')
    .map((it) => `fping -q -r 0 -t ${answerMs} -i 2 -g ${it.network} &`);
  const known = others.map((it) => `ping -q -c 3 -i 0.2 -w 2 ${it.address} &`);
  // Who was there a minute ago is not asked for again, so what is known is forgotten first.
  return [
    `ip neigh flush dev ${port};`,
    ...sweeps,
    `ping -6 -q -c 3 -i 0.2 -w 2 -I ${port} ff02::1 &`,
    ...known,
    'wait',
  ];
}

const etherTypes = { arp: 0x0806, v4: 0x0800, v6: 0x86dd };

/** Whether a resident was heard: his packets, or his ARP. */
function answers(capture: Capture, resident: Resident): boolean {
  return capture.frames().some(({ bytes }) => isFrom(bytes, resident));
}

/** Who is in our neighbour table already is not asked by ARP again; his packets tell that he is there. */
function isFrom(frame: Buffer, { address, family }: Resident): boolean {
  const wanted = addressBytes(address);
  return [senderOf(frame, family), family === 'v4' ? sourceOf(frame) : undefined].some((it) => it?.equals(wanted));
}

/** The address of the station that a frame claims to come from: that of its ARP message, or of its IPv6 packet. */
function senderOf(frame: Buffer, family: Family): Buffer | undefined {
  if (frame.length < 42) return undefined;
  const type = frame.readUInt16BE(12);
  if (family === 'v6') return type === etherTypes.v6 ? frame.subarray(22, 38) : undefined;
  return type === etherTypes.arp ? frame.subarray(28, 32) : undefined;
}

/** The source of an IPv4 packet, which may have come from far away. */
function sourceOf(frame: Buffer): Buffer | undefined {
  return frame.length >= 34 && frame.readUInt16BE(12) === etherTypes.v4 ? frame.subarray(26, 30) : undefined;
}

function linkOf(frame: Buffer): string {
  return frame
    .subarray(6, 12)
    .toString('hex')
    .replaceAll(/(..)(?!$)/g, '$1:');
}

/**
 * Link addresses that speak on the segment and belong to no resident, and IPv4 addresses that somebody
 * answers ARP for and nobody should: a resident who does so lets others in by proxy.
 */
export function strangersIn(
  frames: readonly Buffer[],
  residents: readonly Resident[],
  ownLink: string,
): Record<Family, readonly string[]> {
  const known = new Set([ownLink]);
  const isResident = (address: Buffer): boolean => residents.some((it) => addressBytes(it.address).equals(address));
  for (const frame of frames) if (residents.some((it) => isFrom(frame, it))) known.add(linkOf(frame));
  const v4 = new Set<string>();
  const v6 = new Set<string>();
  for (const frame of frames.filter((it) => it.length >= 14)) {
    const arp = senderOf(frame, 'v4');
    const link = linkOf(frame);
    const foreign = arp !== undefined && !isResident(arp) && !arp.equals(Buffer.alloc(4));
    if (foreign) v4.add(`${arp.join('.')} at ${link}`);
    else if (!known.has(link)) (frame.readUInt16BE(12) === etherTypes.v6 ? v6 : v4).add(link);
  }
  return { v4: [...v4], v6: [...v6] };
}

/** Whether the search was seen leaving: ARP requests, echo requests to ff02::1. */
function searched(frames: readonly Buffer[], family: Family): boolean {
  const allNodes = addressBytes('ff02::1');
  return frames.some((it) =>
    family === 'v4'
      ? it.length >= 22 && it.readUInt16BE(12) === etherTypes.arp && it.readUInt16BE(20) === 1
      : it.length >= 54 && it.readUInt16BE(12) === etherTypes.v6 && it.subarray(38, 54).equals(allNodes),
  );
}

function strangerAttempt(
  family: Family,
  strangers: readonly string[],
  sent: boolean,
  { from, segment }: Params,
  search: readonly string[],
): Attempt {
  return {
    label: `somebody on ${segment} who does not belong there`,
    role: 'try',
    family,
    from,
    to: segment,
    sent,
    succeeded: strangers.length > 0,
    seen: strangers.length > 0 ? `heard ${strangers.join(', ')}` : 'only those whom the plan knows were heard',
    repeat: `breakwater exec ${from} -- sh -c '${search.join(' ')}'`,
  };
}

function overhearing(
  node: string,
  family: Family,
  own: readonly Resident[],
  others: readonly Resident[],
  captures: ReadonlyMap<string, Capture>,
  { from, segment }: Params,
  port: string,
): Attempt {
  const pairs = own.flatMap((one) =>
    others
      .filter((it) => it.family === family && one.family === family)
      .flatMap((it) => [addressPair(one.address, it.address), addressPair(it.address, one.address)]),
  );
  const count = (name: string): number =>
    captures
      .get(name)
      ?.frames()
      .filter(({ bytes }) => pairs.some((pair) => bytes.includes(pair))).length ?? 0;
  const ear = captures.get(node);
  return {
    label: `${node} overhears what others say on ${segment}`,
    role: 'try',
    family,
    from,
    to: node,
    sent: count(from) > 0,
    succeeded: count(node) > 0,
    seen:
      ear === undefined
        ? `no port of ${node} on ${segment} is up`
        : `${node} heard ${count(node)} of ${count(from)} packets between others on ${ear.interface}`,
    repeat: `breakwater exec ${node} -- tcpdump -n -i ${ear?.interface ?? port}`,
  };
}

function residentCanary({ node, family, address }: Resident, answered: boolean, { from }: Params): Attempt {
  return {
    label: `${node} answers at ${address}`,
    role: 'canary',
    family,
    from,
    to: node,
    sent: true,
    succeeded: answered,
    seen: answered ? `${address} was heard` : `${address} was not heard`,
    repeat: `breakwater exec ${from} -- ping -c 3 ${address}`,
  };
}
