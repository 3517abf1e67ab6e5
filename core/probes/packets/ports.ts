import { LabError } from '../../model/errors.ts';
import { canonicalAddress, containsPrefix, parsePrefix } from '../../model/ip.ts';
import { type Family, familyOf, type Plan } from '../../model/plan.ts';
import { wayBetween } from '../../model/way.ts';

/** Where a customer is attached, and what is known there of its addresses. */
export interface CustomerPort {
  readonly customer: string;
  readonly as?: number;
  /** The customer's machine at the link, and its interface. */
  readonly node: string;
  readonly interface: string;
  /** The provider's router, and its interface. */
  readonly edge: string;
  readonly edgeInterface: string;
  /** Registered prefixes of which all is the customer's: none that the provider's end of the link is in. */
  readonly blocks: readonly string[];
  /** The customer's own addresses on the link. */
  readonly linkAddresses: readonly string[];
  /** Whether an address is the customer's by any reading: registered, or of the link. */
  owns(address: string): boolean;
}

const portsOf = new WeakMap<Plan, readonly CustomerPort[]>();

export function customerPorts(plan: Plan): readonly CustomerPort[] {
  const ports = portsOf.get(plan) ?? readPorts(plan);
  portsOf.set(plan, ports);
  return ports;
}

function readPorts(plan: Plan): CustomerPort[] {
  return plan.customers.map(({ name, node, port, as, prefixes }) => {
    const [edge = '', edgeInterface = ''] = port.split(':');
    const ends = plan.nodes[edge]?.interfaces[edgeInterface]?.addresses ?? [];
    const link = Object.entries(plan.nodes[node]?.interfaces ?? {}).find(([, it]) => it.to === edge);
    if (link === undefined || ends.length === 0)
      throw new LabError('invalid-file', `the plan has no link of ${name} between ${node} and ${port}`, {
        hint: 'see customers and interfaces in plan.yml',
      });
    const [interfaceName, { addresses }] = link;
    return {
      customer: name,
      ...(as === undefined ? {} : { as }),
      node,
      interface: interfaceName,
      edge,
      edgeInterface,
      blocks: prefixes.filter((prefix) => !ends.some((end) => containsPrefix(prefix, canonicalAddress(end)))),
      linkAddresses: addresses.map(canonicalAddress),
      owns: (address) => [...prefixes, ...addresses.map(networkOf)].some((prefix) => containsPrefix(prefix, address)),
    };
  });
}

/** Which way packets leave a node for another: an interface, and the next hop there in each family. */
export interface Exit {
  readonly interface: string;
  readonly hop: Partial<Record<Family, string>>;
}

/** The exit towards `towards`; not through customers, unless the sender is one. */
export function exitOf(plan: Plan, from: string, towards: string): Exit {
  const free = plan.nodes[from]?.side === 'customer';
  const way = wayBetween(plan, from, towards, (node) => free || plan.nodes[node]?.side !== 'customer');
  const next = plan.nodes[way[1] ?? ''];
  for (const [name, { addresses }] of Object.entries(plan.nodes[from]?.interfaces ?? {})) {
    const networks = addresses.map(networkOf);
    const hops = Object.values(next?.interfaces ?? {})
      .flatMap((it) => it.addresses)
      .filter((it) => networks.includes(networkOf(it)))
      .map(canonicalAddress);
    if (hops.length === 0) continue;
    const hop = Object.fromEntries(hops.toReversed().map((it) => [familyOf(it), it]));
    return { interface: name, hop };
  }
  throw new LabError('invalid-file', `the plan has no way from ${from} to ${towards}`, {
    hint: 'see the interfaces of both in plan.yml',
  });
}

/** The segments of customers: a router's interface and the hosts behind it. */
export interface Lan {
  readonly segment: string;
  readonly router: string;
  readonly interface: string;
  /** Its prefixes, one of each family. */
  readonly prefixes: readonly string[];
  readonly hosts: readonly string[];
}

export function customerLans(plan: Plan): Lan[] {
  return plan.customers.flatMap(({ node }) =>
    Object.entries(plan.nodes[node]?.interfaces ?? {}).flatMap(([name, { to, addresses }]) => {
      const hosts = Object.keys(plan.nodes).filter(
        (other) => other !== node && Object.values(plan.nodes[other]?.interfaces ?? {}).some((it) => it.to === to),
      );
      return plan.nodes[to] !== undefined || hosts.length === 0
        ? []
        : [{ segment: to, router: node, interface: name, prefixes: addresses.map(networkOf), hosts }];
    }),
  );
}

/** `192.0.2.129/28` → `192.0.2.128/28`. */
export function networkOf(cidr: string): string {
  const { network, prefixLength } = parsePrefix(cidr);
  return `${network}/${prefixLength}`;
}

/** Every address of a node, loopbacks first, each once. */
export function addressesOfNode(plan: Plan, node: string): string[] {
  const planned = plan.nodes[node];
  const all = [...(planned?.loopback ?? []), ...Object.values(planned?.interfaces ?? {}).flatMap((it) => it.addresses)];
  return [...new Set(all.map(canonicalAddress))];
}
