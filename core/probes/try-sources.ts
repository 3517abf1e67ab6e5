import { z } from 'zod';

import type { Attempt, Observation } from '../model/observation.ts';
import type { PlaceClass } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';
import { kindSets, kindsOf } from './packets/kinds.ts';
import { observeVolleys } from './packets/observe-volleys.ts';
import { nameClasses, planVolleys } from './packets/plan-volleys.ts';
import { exitOf } from './packets/ports.ts';
import { type SenderClass, senderClasses, sendersOf } from './packets/senders.ts';
import { type Arrival, arrivals, nodesOfSpots, spotsFor } from './packets/spots.ts';
import { type TargetClass, targetClasses } from './packets/targets.ts';
import { type Fate, orderOf, type PlannedPacket } from './packets/volley.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: z
    .array(z.enum(senderClasses))
    .min(1)
    .describe(
      "Who sends: each customer's port, or those of networks or of single servers alone, each host of a customer's LAN, or attackers among strangers, neighbours, our servers, our operations centre",
    ),
  to: z
    .array(z.enum(targetClasses))
    .min(1)
    .describe('Where to: every address of these; `edge` is the router at which customers are attached'),
  names: z
    .enum(nameClasses)
    .describe(
      "Whose source addresses: of others than the sender; of the receiver; the sender's own; the sender's and those of victims",
    ),
  at: z
    .enum(arrivals)
    .describe(
      'Where they count as arrived: passed on by the edge router; in its stack, behind its input filters; at its port; at the link of a customer; at the hosts of a LAN; in the stack of its router',
    ),
  kinds: z
    .enum(kindSets)
    .default('all')
    .describe(
      'all: every protocol and form, and ports that filters trust; control: what routers take; ping: echo requests',
    ),
  canaryTo: z
    .array(z.enum(targetClasses))
    .optional()
    .describe('Where canaries go, when the targets are nobody who may be spoken to'),
});
type Params = z.infer<typeof Params>;

/** From every place of a kind, packets of every kind with sources that are drawn: forged ones, or those that are somebody's by right. */
export const trySources = defineProbe({
  name: 'try-sources',
  summary:
    'Sends packets of every kind from every place of a class, with sources that are forged or legitimate, and looks which arrive.',
  params: Params,
  nodes: ({ from, at }, plan) => {
    const senders = sendersOf(plan, from);
    return [...senders.map((it) => it.node), ...nodesOfSpots(spotsFor(plan, at, senders))];
  },
  classes: ({ from, to }) => [...new Set([...from, ...to].flatMap((name) => placeClasses[name] ?? []))],
  observe,
});

/** What goals may say that these speak of. */
const placeClasses: Partial<Record<SenderClass | TargetClass, readonly PlaceClass[]>> = {
  'customer-ports': ['customers', 'customer-links', 'co-located'],
  'customer-routers': ['customers', 'customer-links'],
  'co-located': ['co-located'],
  'lan-hosts': ['customers'],
  customers: ['customers', 'co-located'],
  networks: ['customers'],
  multihomed: ['customers'],
  strangers: ['strangers'],
  neighbours: ['neighbours'],
  servers: ['servers'],
  operations: ['operations'],
  routers: ['routers'],
  edge: ['routers'],
};

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { plan, nonce, draws, kind } = context;
  const senders = sendersOf(plan, params.from);
  const legitimate = kind === 'service';
  const kinds = kindsOf(params.kinds, draws);
  const request = { ...params, kinds, legitimate, nonce, draws };
  const volleys = senders.flatMap((sender) => planVolleys(plan, sender, request));
  const { fates, evidence } = await observeVolleys(volleys, spotsFor(plan, params.at, senders), context);
  return { attempts: attemptsOf(fates, { legitimate, at: params.at, plan }), evidence };
}

interface Circumstances {
  readonly legitimate: boolean;
  readonly at: Arrival;
  readonly plan: Plan;
}

const arrivalWords: Readonly<Record<Arrival, string>> = {
  'past-edge': 'past the edge router',
  'edge-stack': 'into the stack of the edge router',
  'edge-port': 'to the port of the edge router',
  'customer-port': 'to the customer',
  'lan-hosts': 'to hosts on the LAN',
  'lan-router-stack': 'into the stack of the router of the LAN',
};

/** One attempt for each sender, family and kind of name: what a person wants to know. The kinds of packets are told inside. */
export function attemptsOf(fates: readonly Fate[], circumstances: Circumstances): Attempt[] {
  const groups = new Map<string, Fate[]>();
  for (const fate of fates) {
    const { role, from, family, whose } = fate.packet;
    const key = [role, from, whose, family].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), fate]);
  }
  return [...groups.values()].map((those) => attemptOf(those, circumstances));
}

function attemptOf(those: readonly Fate[], { legitimate, at, plan }: Circumstances): Attempt {
  const { role, from, family, whose } = (those[0] as Fate).packet;
  const where = arrivalWords[at];
  const asSent = legitimate || role === 'canary';
  // What is legitimate has to arrive, all of it, as it was sent. Of what is forged none must, rewritten or not.
  const through = those.filter((it) => it.arrived && !(asSent && it.changed));
  const told = through[0] ?? those.find((it) => !it.arrived) ?? (those[0] as Fate);
  const counted = those.every((it) => it.came);
  return {
    label: `${those.length} packets from ${from} in the name of ${whose}`,
    role,
    family,
    from,
    to: someOf([...new Set(those.map((it) => it.packet.destination))]),
    claims: [...new Set(those.map((it) => it.packet.source))],
    // Whoever saw it come is at the other end of the wire.
    sent: counted,
    succeeded: asSent ? through.length === those.length : through.length > 0,
    ...(asSent || !counted ? {} : { proof: 'counted' as const }),
    seen: sentenceOf(those, through, asSent, where),
    repeat: repeatOf(told.packet, plan),
  };
}

/** A target that a drawing can find, and how many there are beside it. */
function someOf(targets: readonly string[]): string {
  const [first = '', ...others] = targets;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function sentenceOf(those: readonly Fate[], through: readonly Fate[], asSent: boolean, where: string): string {
  const came = those.filter((it) => it.came).length;
  const changed = those.filter((it) => it.arrived && it.changed).length;
  const lost = those.filter((it) => !through.includes(it));
  const which = asSent ? lost : through;
  const rewritten = changed === 0 ? '' : `, ${changed} of them with other addresses`;
  const details =
    which.length === 0 || which.length === those.length ? '' : `; ${asSent ? 'lost' : 'through'}: ${kindsIn(which)}`;
  return `${came} of ${those.length} came to where they can be dropped, ${through.length} got ${where}${rewritten}${details}`;
}

/** `GRE, TCP to port 179 from 192.0.2.3 to 192.0.2.130, …`: the kinds, and one packet of the first. */
function kindsIn(those: readonly Fate[]): string {
  const kinds = [...new Set(those.map((it) => it.packet.kind.name))];
  const { source, destination } = (those[0] as Fate).packet;
  const more = kinds.length > 4 ? ` and ${kinds.length - 4} more kinds` : '';
  return `${kinds.slice(0, 4).join(', ')}${more}, such as ${source} to ${destination}`;
}

/** hping3 for what it knows, as every book has it: IPv4, and UDP, TCP and ping. The rest by our own tool. */
function repeatOf(packet: PlannedPacket, plan: Plan): string {
  const { from, family, kind, port, sourcePort, source, destination } = packet;
  const plain = kind.fragments === undefined && kind.options === undefined;
  const way = {
    1: '-1',
    6: `${kind.flags === undefined ? '-S' : '-A'} -s ${sourcePort} -p ${port}`,
    17: `-2 -s ${sourcePort} -p ${port}`,
  }[kind.v4];
  if (family === 'v4' && plain && way !== undefined)
    return `breakwater exec ${from} -- hping3 ${way} -a ${source} -c 3 ${destination}`;
  const order = orderOf([packet], exitFor(packet, plan), 1);
  return `breakwater exec ${from} -- /usr/lib/breakwater/attacks/send-packets '${order}'`;
}

function exitFor({ from, destination }: PlannedPacket, plan: Plan): ReturnType<typeof exitOf> {
  const [sender] = sendersOf(plan, senderClasses).filter((it) => it.node === from);
  const station = sender?.lan?.hosts.find((host) =>
    Object.values(plan.nodes[host]?.interfaces ?? {}).some((it) =>
      it.addresses.some((address) => address.startsWith(`${destination}/`)),
    ),
  );
  return exitOf(plan, from, station ?? sender?.edge ?? '');
}
