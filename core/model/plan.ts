import { z } from 'zod';

import { InterfaceName, NodeName } from './ids.ts';

const Cidr = z.union([z.cidrv4(), z.cidrv6()]);
const Address = z.union([z.ipv4(), z.ipv6()]);

/** Who runs a node. The trainee is `isp`; attackers sit on the other sides. */
export const Side = z.enum(['isp', 'customer', 'peer', 'transit', 'internet', 'fabric']);
export type Side = z.infer<typeof Side>;

export const PlannedInterface = z.strictObject({
  addresses: z.array(Cidr).describe('Addresses with prefix length, IPv4 before IPv6'),
  to: z.string().describe('The node at the other end, or the segment (a bridge of the fabric)'),
});

export const BgpNeighbor = z.strictObject({
  node: NodeName.describe('The neighbour'),
  as: z.number().int(),
  relation: z
    .enum(['internal', 'transit', 'peer', 'customer', 'provider'])
    .describe('What the neighbour is to this node (RFC 9234 roles)'),
  addresses: z.array(Address).describe("The neighbour's session addresses"),
});

export const PlannedNode = z.strictObject({
  title: z.string().describe('What it is, in a few words'),
  role: z.string().describe('Role in the network: border-router, mail, resolver, customer-edge …'),
  side: Side,
  attacker: z.boolean().default(false).describe('An attack can start here'),
  as: z.number().int().optional(),
  loopback: z.array(Address).default([]).describe('Router addresses, IPv4 before IPv6'),
  interfaces: z.record(InterfaceName, PlannedInterface).default({}),
  bgp: z.array(BgpNeighbor).default([]),
  prefixes: z.array(Cidr).default([]).describe('Prefixes this node originates or is responsible for'),
  names: z.array(z.string()).default([]).describe('Its host names in the DNS'),
  at: z.tuple([z.number(), z.number()]).describe('Column and row in the drawing'),
});
export type PlannedNode = z.infer<typeof PlannedNode>;

/**
 * `plan.yml`: the address plan of a topology. It is what configurations, probes, templates and
 * drawings agree on; a test compares it with the running network.
 */
export const PlanFile = z.strictObject({
  title: z.string(),
  ases: z.record(
    z.string().regex(/^\d+$/),
    z.strictObject({ name: z.string(), domain: z.string(), prefixes: z.array(Cidr) }),
  ),
  customers: z
    .array(
      z.strictObject({
        name: z.string(),
        node: NodeName,
        port: z.string().describe('node:interface where it is attached'),
        as: z.number().int().optional(),
        domain: z.string().optional().describe('Its domain in the DNS'),
        prefixes: z.array(Cidr),
      }),
    )
    .default([]),
  people: z
    .record(z.string(), z.record(NodeName, z.array(z.string()).min(1)))
    .default({})
    .describe('Whose mail is read where: customer or AS number → node → mailboxes of people'),
  nodes: z.record(NodeName, PlannedNode),
});
export type Plan = z.infer<typeof PlanFile>;

export type Family = 'v4' | 'v6';

export function familyOf(address: string): Family {
  return address.includes(':') ? 'v6' : 'v4';
}

/** The address by which a node is known: a router's loopback, else the first address of its interfaces. */
export function addressOf(plan: Plan, node: string, family: Family): string | undefined {
  const planned = plan.nodes[node];
  if (planned === undefined) return undefined;
  const all = [
    ...planned.loopback,
    ...Object.values(planned.interfaces).flatMap((it) => it.addresses.map((cidr) => cidr.replace(/\/\d+$/, ''))),
  ];
  return all.find((address) => familyOf(address) === family);
}
