import { z } from 'zod';

import { InterfaceName, NodeName } from '../model/ids.ts';
import { parsePrefix } from '../model/ip.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { addressOf, type Family, familyOf, type Plan } from '../model/plan.ts';
import { LabError } from '../model/errors.ts';
import { addressPair } from './address-pair.ts';
import { pollUntil, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Source = z.strictObject({
  label: z.string().describe('Whose address it is, in words a trainee understands'),
  node: NodeName.optional().describe('The addresses by which this node is known, one of each family'),
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Addresses that no node of the plan has, such as private space'),
});

const Params = z.strictObject({
  from: NodeName.describe('The node that sends'),
  interface: InterfaceName.describe('Its interface that the packets leave by'),
  via: NodeName.optional().describe('The next hop on that interface; the node at the other end when left out'),
  to: NodeName.describe('The node whose address they go to, and where they are looked for'),
  destination: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe(
      'Where the tries go instead, such as the broadcast address of a LAN; they are looked for at `to` all the same',
    ),
  canaryTo: NodeName.optional().describe(
    'The node whose address the canaries go to; `to` when left out. For answers that `to` gets in the name of a forged source',
  ),
  protocol: z.enum(['udp', 'tcp', 'icmp']).default('udp').describe('UDP, a TCP SYN, or an ICMP echo request'),
  port: z.number().int().min(0).max(65_535).default(9).describe('Destination port; 9 is discard'),
  count: z.number().int().min(1).max(20).default(3).describe('Packets for each source'),
  sources: z.array(Source).min(1).describe('The source addresses to try'),
  canaries: z
    .array(Source)
    .optional()
    .describe("Source addresses that are the sender's by right and must get through; its own when left out"),
});
type Params = z.infer<typeof Params>;

/** One packet of the plan, sent `count` times. Its marker is unique to this run. */
export interface PlannedPacket {
  readonly label: string;
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly protocol: Params['protocol'];
  readonly marker: string;
}

/** Sends packets with chosen source addresses and looks which of them arrive. */
export const sendPackets = defineProbe({
  name: 'send-packets',
  summary: 'Sends packets with chosen (forged or legitimate) source addresses and looks which of them arrive.',
  params: Params,
  nodes: ({ from, via, to, canaryTo }) => [from, to, ...[via, canaryTo].filter((it) => it !== undefined)],
  observe,
});

/** What is on its way arrives within milliseconds; a busy computer tells of it later. */
const patienceMs = 5000;

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const packets = planPackets(params, plan, nonce);
  const filter = params.protocol === 'icmp' ? 'icmp or icmp6' : `${params.protocol} port ${params.port}`;
  const [wire, ear] = await Promise.all([
    startCapture(network, params.from, params.interface, filter, signal),
    startCapture(network, params.to, 'any', filter, signal),
  ]);
  try {
    const { stdout, exitCode, stderr } = await network
      .node(params.from)
      .exec([tool, orderOf(packets, params, plan)], { signal });
    if (exitCode !== 0) throw new LabError('command-failed', `send-packets on ${params.from}: ${stderr || stdout}`);

    // Canaries leave last and the path keeps the order: once they are in, whatever else got through is in too.
    const last = packets.filter((packet) => packet.role === 'canary');
    const awaited = last.length > 0 ? last : packets;
    const complete = (seen: readonly Buffer[]): boolean =>
      awaited.every(({ marker }) => countOf(marker, seen) >= params.count);
    await pollUntil(() => complete(wire.frames().map((frame) => frame.bytes)), patienceMs, 10);
    await pollUntil(() => complete(ear.frames().map((frame) => frame.bytes)), patienceMs, 10);

    const left = wire.frames().map((frame) => frame.bytes);
    const arrived = ear.frames().map((frame) => frame.bytes);
    // Legitimate traffic has to arrive as it was sent; what is forged must not arrive, rewritten or not.
    const asSent = kind === 'service';
    const attempts = packets.map((packet) =>
      attemptOf(packet, params, plan, {
        left: countAsSent(packet, left),
        arrived: countOf(packet.marker, arrived),
        changed: asSent ? countOf(packet.marker, arrived) - countAsSent(packet, arrived) : 0,
      }),
    );
    const evidence = await Promise.all([
      wire.keep(context, `sent-${params.from}`, `What left ${params.from}`),
      ear.keep(context, `arrived-${params.to}`, `What arrived at ${params.to}`),
    ]);
    return { attempts, evidence };
  } finally {
    await Promise.all([wire.stop(), ear.stop()]);
  }
}

/** Which packets go out, tries first and canaries last. A source of a family in which there is no destination is left out. */
export function planPackets(params: Params, plan: Plan, nonce: string): PlannedPacket[] {
  const own = [{ label: 'its own address', node: params.from, addresses: [] }];
  const wanted = [
    ...params.sources.map((source) => ({ ...source, role: 'try' as const, protocol: params.protocol })),
    ...(params.canaries ?? own).map((source) => ({
      ...source,
      role: 'canary' as const,
      protocol: params.protocol,
    })),
  ];
  return wanted
    .flatMap(({ label, role, protocol, node, addresses }) => {
      const known =
        node === undefined ? [] : (['v4', 'v6'] as const).flatMap((family) => addressOf(plan, node, family) ?? []);
      return [...known, ...addresses].flatMap((source) => {
        const family = familyOf(source);
        const destination = destinationOf(role, family, params, plan);
        return destination === undefined ? [] : [{ label, role, family, protocol, source, destination }];
      });
    })
    .map((packet, index) => ({ ...packet, marker: `${nonce}-${index};` }));
}

/** Tries with a destination of their own are of its family, and so are their canaries. */
function destinationOf(
  role: Attempt['role'],
  family: Family,
  { to, destination, canaryTo }: Params,
  plan: Plan,
): string | undefined {
  if (destination !== undefined && familyOf(destination) !== family) return undefined;
  return role === 'try' ? (destination ?? addressOf(plan, to, family)) : addressOf(plan, canaryTo ?? to, family);
}

/** How many of the frames carry the marker, whatever their headers are. */
export function countOf(marker: string, frames: readonly Buffer[]): number {
  return frames.filter((frame) => frame.includes(marker)).length;
}

/** How many of the frames are the packet itself: an echo reply carries its marker back. */
function countAsSent({ marker, source, destination }: PlannedPacket, frames: readonly Buffer[]): number {
  const pair = addressPair(source, destination);
  return countOf(
    marker,
    frames.filter((frame) => frame.includes(pair)),
  );
}

const tool = '/usr/lib/breakwater/attacks/send-packets';

function orderOf(packets: readonly PlannedPacket[], params: Params, plan: Plan): string {
  const families = [...new Set(packets.map((packet) => packet.family))];
  return JSON.stringify({
    interface: params.interface,
    next_hop: Object.fromEntries(families.map((family) => [family, nextHop(params, plan, family)])),
    packets: packets.map(({ source, destination, protocol, marker }) => ({
      source,
      destination,
      protocol,
      port: params.port,
      payload: marker,
      count: params.count,
    })),
  });
}

/** The address of the next hop that shares a network with the outgoing interface. */
export function nextHop(
  { from, interface: iface, via }: Pick<Params, 'from' | 'interface' | 'via'>,
  plan: Plan,
  family: Family,
): string {
  const link = plan.nodes[from]?.interfaces[iface];
  const hop = plan.nodes[via ?? link?.to ?? ''];
  const own = link?.addresses
    .filter((address) => familyOf(address) === family)
    .map((cidr) => parsePrefix(cidr).network);
  const found = Object.values(hop?.interfaces ?? {})
    .flatMap((it) => it.addresses)
    .find((cidr) => familyOf(cidr) === family && own?.includes(parsePrefix(cidr).network));
  if (found === undefined)
    throw new LabError('invalid-file', `the plan has no ${family} next hop of ${from} on ${iface}`, {
      hint: 'name the next hop with `via`, and see plan.yml for the interfaces of the node',
    });
  return parsePrefix(found).address;
}

function attemptOf(
  packet: PlannedPacket,
  params: Params,
  plan: Plan,
  { left, arrived, changed }: { left: number; arrived: number; changed: number },
): Attempt {
  const { from, to, count } = params;
  return {
    label: `${packet.source}, ${packet.label}`,
    claims: [packet.source],
    role: packet.role,
    family: packet.family,
    from,
    to,
    sent: left >= count,
    succeeded: arrived > changed,
    ...(packet.role === 'try' ? { proof: 'canary' as const } : {}),
    way: packet.protocol,
    seen: `${left} of ${count} packets left ${from}, ${arrived} arrived on the wire of ${to}${changed === 0 ? '' : `, ${changed} of them with other addresses`}`,
    repeat: repeatOf(packet, params, plan),
  };
}

/** hping3 for IPv4, as every book has it; it knows no IPv6. */
function repeatOf(packet: PlannedPacket, params: Params, plan: Plan): string {
  const { from, port, count } = params;
  const { family, protocol, source, destination } = packet;
  const kind = { udp: `-2 -p ${port}`, tcp: `-S -p ${port}`, icmp: '-1' }[protocol];
  return family === 'v4'
    ? `breakwater exec ${from} -- hping3 ${kind} -a ${source} -c ${count} ${destination}`
    : `breakwater exec ${from} -- ${tool} '${orderOf([packet], params, plan)}'`;
}
