import { entryOf } from './entry-of.ts';
import { parsePrefix, type Prefix } from './ip.ts';
import { addressOf, type Family, familyOf, type Plan, type PlannedNode } from './plan.ts';

/** What a configuration template is told about its node. The names are part of the product: templates of users say them. */
export interface Facts {
  readonly name: string;
  readonly title: string;
  readonly role: string;
  readonly side: PlannedNode['side'];
  readonly as?: number;
  /** The first loopback address of each family. */
  readonly loopback: ByFamily<string>;
  readonly loopbacks: PerFamily;
  readonly interfaces: readonly InterfaceFacts[];
  readonly bgp: BgpFacts;
  /** Customers attached to this node. */
  readonly customers: readonly CustomerFacts[];
  /** Prefixes it originates or is responsible for. */
  readonly prefixes: PerFamily;
  /** Its names in the DNS. */
  readonly names: readonly string[];
  /** Every node of the topology with the address by which it is known. */
  readonly hosts: Readonly<Record<string, ByFamily<string>>>;
}

export interface InterfaceFacts {
  readonly name: string;
  /** The node at the other end, or the segment. */
  readonly to: string;
  readonly ipv4?: Prefix;
  readonly ipv6?: Prefix;
  /** The node at the other end of a point-to-point link. */
  readonly peer?: PeerFacts;
  /** Everybody else on the link or the segment. */
  readonly peers: readonly PeerFacts[];
}

export interface PeerFacts {
  readonly node: string;
  readonly interface: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
}

export interface NeighborFacts {
  readonly node: string;
  readonly as: number;
  readonly relation: Relation;
  readonly ipv4?: string;
  readonly ipv6?: string;
}

export interface CustomerFacts {
  readonly name: string;
  readonly node: string;
  /** The interface of this node where the customer is attached. */
  readonly interface: string;
  readonly as?: number;
  readonly prefixes: PerFamily;
}

export interface ByFamily<T> {
  readonly v4?: T;
  readonly v6?: T;
}

export interface PerFamily {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

type Relation = PlannedNode['bgp'][number]['relation'];
/** Neighbours by what they are to this node, and all of them in the order of the plan. */
export type BgpFacts = Readonly<Record<Relation | 'all', readonly NeighborFacts[]>>;

/** The facts of a node of the plan; undefined when the plan has no such node. */
export function factsOf(plan: Plan, name: string): Facts | undefined {
  const node = entryOf(plan.nodes, name);
  if (node === undefined) return undefined;
  return {
    name,
    title: node.title,
    role: node.role,
    side: node.side,
    ...(node.as === undefined ? {} : { as: node.as }),
    loopback: firstOf(node.loopback),
    loopbacks: perFamily(node.loopback),
    interfaces: Object.keys(node.interfaces).map((at) => interfaceFacts(plan, name, at)),
    bgp: bgpFacts(node),
    customers: plan.customers.flatMap((customer) => customerFacts(name, customer)),
    prefixes: perFamily(node.prefixes),
    names: node.names,
    hosts: Object.fromEntries(Object.keys(plan.nodes).map((host) => [host, hostAddresses(plan, host)])),
  };
}

function interfaceFacts(plan: Plan, node: string, name: string): InterfaceFacts {
  const planned = entryOf(entryOf(plan.nodes, node)?.interfaces, name) ?? { addresses: [], to: '' };
  const { v4, v6 } = firstOf(planned.addresses);
  const peers = peersOf(plan, node, name);
  const [peer] = peers;
  return {
    name,
    to: planned.to,
    ...(v4 === undefined ? {} : { ipv4: parsePrefix(v4) }),
    ...(v6 === undefined ? {} : { ipv6: parsePrefix(v6) }),
    ...(peer !== undefined && peer.node === planned.to ? { peer } : {}),
    peers,
  };
}

/** On a link: the interface of the other node that leads here. On a segment: every other interface that leads there. */
function peersOf(plan: Plan, node: string, name: string): PeerFacts[] {
  const to = entryOf(entryOf(plan.nodes, node)?.interfaces, name)?.to;
  const pointToPoint = to !== undefined && entryOf(plan.nodes, to) !== undefined;
  return Object.entries(plan.nodes).flatMap(([other, planned]) =>
    Object.entries(planned.interfaces)
      .filter(([, at]) => (pointToPoint ? other === to && at.to === node : other !== node && at.to === to))
      .filter(
        ([, at]) =>
          !pointToPoint ||
          sameNetwork(at.addresses, entryOf(entryOf(plan.nodes, node)?.interfaces, name)?.addresses ?? []),
      )
      .map(([at, { addresses }]) => ({ node: other, interface: at, ...ipOf(addresses) })),
  );
}

/** Two nodes may be joined by several links; those of one link share their networks. */
function sameNetwork(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  const networks = new Set(a.map((address) => parsePrefix(address).network));
  return b.some((address) => networks.has(parsePrefix(address).network));
}

function bgpFacts(node: PlannedNode): BgpFacts {
  const all = node.bgp.map(({ node: neighbor, as, relation, addresses }) => ({
    node: neighbor,
    as,
    relation,
    ...ipOf(addresses),
  }));
  const of = (relation: Relation): NeighborFacts[] => all.filter((neighbor) => neighbor.relation === relation);
  return {
    all,
    internal: of('internal'),
    transit: of('transit'),
    peer: of('peer'),
    customer: of('customer'),
    provider: of('provider'),
  };
}

function customerFacts(
  node: string,
  { name, node: edge, port, as, prefixes }: Plan['customers'][number],
): CustomerFacts[] {
  const [at, iface = ''] = port.split(':');
  if (at !== node) return [];
  return [{ name, node: edge, interface: iface, ...(as === undefined ? {} : { as }), prefixes: perFamily(prefixes) }];
}

function hostAddresses(plan: Plan, host: string): ByFamily<string> {
  return firstOf((['v4', 'v6'] as const).flatMap((family) => addressOf(plan, host, family) ?? []));
}

function ipOf(addresses: readonly string[]): { ipv4?: string; ipv6?: string } {
  const { v4, v6 } = firstOf(addresses.map((address) => parsePrefix(address).address));
  return { ...(v4 === undefined ? {} : { ipv4: v4 }), ...(v6 === undefined ? {} : { ipv6: v6 }) };
}

function firstOf(addresses: readonly string[]): ByFamily<string> {
  const [[v4], [v6]] = [perFamily(addresses).v4, perFamily(addresses).v6];
  return { ...(v4 === undefined ? {} : { v4 }), ...(v6 === undefined ? {} : { v6 }) };
}

function perFamily(addresses: readonly string[]): PerFamily {
  const of = (family: Family): string[] => addresses.filter((address) => familyOf(address) === family);
  return { v4: of('v4'), v6: of('v6') };
}
