import { addressWithin, type Draws, endsOf } from '../../model/draws.ts';
import { canonicalAddress, containsPrefix } from '../../model/ip.ts';
import { placesOf } from '../../model/places.ts';
import { familyOf, type Plan } from '../../model/plan.ts';
import { addressesOfNode, type CustomerPort, customerLans, customerPorts, type Lan } from './ports.ts';
import type { Sender } from './senders.ts';

/** Where packets go. */
export const targetClasses = [
  'strangers',
  'customers',
  'networks',
  'multihomed',
  'co-located',
  'servers',
  'operations',
  'routers',
  'edge',
  'lan-hosts',
  'lan-router',
  'lan-broadcast',
] as const;
export type TargetClass = (typeof targetClasses)[number];

/** One address that packets go to. */
export interface Target {
  readonly address: string;
  /** The node that the sender hands them towards: a station on its own segment, or the provider's edge. */
  readonly towards: string;
  readonly receiver?: CustomerPort;
}

export function targetsOf(
  plan: Plan,
  sender: Sender,
  classes: readonly TargetClass[],
  draws: Draws,
): readonly Target[] {
  const beyond = (address: string): Target => ({ address, towards: sender.edge });
  const { lan } = sender;
  return classes.flatMap((name): Target[] => {
    switch (name) {
      case 'edge':
        return addressesOfNode(plan, sender.edge)
          .filter((it) => !isOnOtherLink(plan, sender, it))
          .map(beyond);
      case 'lan-hosts':
        if (lan === undefined)
          return lansElsewhere(plan, sender).flatMap(({ hosts, segment }) =>
            hosts.flatMap((node) => onSegment(plan, node, segment).map(beyond)),
          );
        return lan.hosts
          .filter((it) => it !== sender.node)
          .flatMap((node) => onSegment(plan, node, lan.segment).map((address) => ({ address, towards: node })));
      case 'lan-router':
        return lan === undefined
          ? []
          : onSegment(plan, lan.router, lan.segment).map((address) => ({ address, towards: lan.router }));
      case 'lan-broadcast':
        return lansElsewhere(plan, sender).flatMap(broadcastsOf).map(beyond);
      case 'customers':
      case 'networks':
      case 'multihomed':
      case 'co-located':
        return customerPorts(plan)
          .filter((port) => port.node !== sender.port?.node && (name === 'customers' || kindOf(port) === name))
          .flatMap((receiver) =>
            [...machinesOf(plan, receiver), ...receiver.blocks.map((block) => addressWithin(draws, block))].map(
              (address) => ({ ...beyond(address), receiver }),
            ),
          );
      default:
        return placesOf(plan, [name])
          .filter((it) => it.node !== sender.node && it.node !== sender.edge)
          .map((it) => beyond(it.address));
    }
  });
}

/** A network of its own, one with an AS and so with another provider perhaps, or a server in our racks. */
function kindOf({ blocks, as }: CustomerPort): TargetClass {
  if (blocks.length === 0) return 'co-located';
  return as === undefined ? 'networks' : 'multihomed';
}

/** LANs of customers that the sender does not pass on packets for. */
function lansElsewhere(plan: Plan, { node }: Sender): Lan[] {
  return customerLans(plan).filter((it) => it.router !== node);
}

/** IPv6 has no broadcast. */
function broadcastsOf({ prefixes }: Lan): string[] {
  return prefixes.filter((it) => familyOf(it) === 'v4').map((prefix) => endsOf(prefix).last);
}

/** Addresses of a customer's machines that others know: registered ones, or where there are none those of the link. */
function machinesOf(plan: Plan, { node, blocks, linkAddresses }: CustomerPort): readonly string[] {
  if (blocks.length === 0) return linkAddresses;
  const hosts = customerLans(plan)
    .filter((lan) => lan.router === node)
    .flatMap((lan) => lan.hosts);
  return [node, ...hosts]
    .flatMap((it) => addressesOfNode(plan, it))
    .filter((address) => blocks.some((block) => containsPrefix(block, address)));
}

/** The edge router's end of another customer's link, which nobody else has to reach. */
function isOnOtherLink(plan: Plan, { edge, port }: Sender, address: string): boolean {
  return customerPorts(plan).some(
    (other) =>
      other.node !== port?.node &&
      (plan.nodes[edge]?.interfaces[other.edgeInterface]?.addresses ?? []).map(canonicalAddress).includes(address),
  );
}

function onSegment(plan: Plan, node: string, segment: string): string[] {
  return Object.values(plan.nodes[node]?.interfaces ?? {})
    .filter((it) => it.to === segment)
    .flatMap((it) => it.addresses.map(canonicalAddress));
}
