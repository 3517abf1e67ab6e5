import { z } from 'zod';

import { NodeName } from './ids.ts';
import { canonicalAddress, containsPrefix } from './ip.ts';
import { type Family, familyOf, type Plan, type PlannedNode } from './plan.ts';

/** Kinds of places in any network that has a plan. A check names these, and the plan says who they are. */
export const PlaceClass = z.enum([
  'customers',
  'customer-links',
  'co-located',
  'servers',
  'operations',
  'routers',
  'neighbours',
  'strangers',
]);
export type PlaceClass = z.infer<typeof PlaceClass>;

/** What each class means, for the docs. */
export const placeClasses: Readonly<Record<PlaceClass, string>> = {
  customers: "each machine of a customer, by each address of its own that lies in the customer's registered prefixes",
  'customer-links': "each customer's router, by its address on the link to its provider, which is not registered",
  'co-located': 'each server of a customer in our racks',
  servers: 'each of our own servers',
  operations: 'the machines of our operations centre: management and logs',
  routers: 'each of our own routers, by every address',
  neighbours: 'the router of each other network that we speak BGP with, by every address, links included',
  strangers: 'hosts somewhere in the Internet',
};

/** A class of places, or one node of the plan. */
export const PlaceName = z.union([PlaceClass, NodeName]);
export type PlaceName = z.infer<typeof PlaceName>;

/** Where somebody stands: a node, and the address that it uses there. */
export interface Place {
  readonly node: string;
  readonly family: Family;
  /** In its one spelling, without prefix length. */
  readonly address: string;
}

/**
 * The places of the named classes and nodes, each address once, in the order of the plan. A class is
 * every address of its machines that the class means; a node alone is the address by which it is known,
 * one of each family.
 */
export function placesOf(plan: Plan, names: readonly PlaceName[]): Place[] {
  const places = names.flatMap((name) => {
    const one = plan.nodes[name];
    if (one !== undefined) return knownBy(name, one);
    return membersOf(plan).get(PlaceClass.parse(name)) ?? [];
  });
  return [...new Map(places.map((it) => [it.address, it])).values()];
}

/**
 * Those of the places from which something can reach us and be answered: not the ends of a link between
 * two other networks, to which we have no route.
 */
export function placesInReach(plan: Plan, names: readonly PlaceName[]): Place[] {
  return placesOf(plan, names).filter(({ node, address }) => {
    const links = Object.values(plan.nodes[node]?.interfaces ?? {});
    const other = links.find((it) => it.addresses.some((one) => canonicalAddress(one) === address))?.to ?? '';
    const sides = [plan.nodes[node]?.side, plan.nodes[other]?.side ?? 'isp'];
    return sides.includes('isp');
  });
}

/** The nodes of the places, each once. */
export function nodesOfPlaces(plan: Plan, names: readonly PlaceName[]): string[] {
  return [...new Set(placesOf(plan, names).map((it) => it.node))];
}

/** `ceb`, and `ceb (2001:db8:510::1)` where it stands at another address than that by which the node is known. */
export function describePlace(plan: Plan, { node, address }: Pick<Place, 'node' | 'address'>): string {
  const one = plan.nodes[node];
  const known = one !== undefined && knownBy(node, one).some((it) => it.address === address);
  return known ? node : `${node} (${address})`;
}

/** Those of the names that are classes. */
export function classesAmong(names: readonly PlaceName[]): PlaceClass[] {
  return names.flatMap((name) => PlaceClass.safeParse(name).data ?? []);
}

const members = new WeakMap<Plan, ReadonlyMap<PlaceClass, readonly Place[]>>();

/** Every class of a plan with its places, in the order of the plan. */
function membersOf(plan: Plan): ReadonlyMap<PlaceClass, readonly Place[]> {
  const read = members.get(plan) ?? readMembers(plan);
  members.set(plan, read);
  return read;
}

function readMembers(plan: Plan): Map<PlaceClass, Place[]> {
  const places = Object.entries(plan.nodes).flatMap(([node, planned]) =>
    addressesOf(planned).flatMap((address) =>
      classesOf(plan, planned, address).map((of) => ({ of, place: { node, family: familyOf(address), address } })),
    ),
  );
  return new Map(PlaceClass.options.map((name) => [name, places.filter((it) => it.of === name).map((it) => it.place)]));
}

function classesOf(plan: Plan, node: PlannedNode, address: string): PlaceClass[] {
  switch (node.side) {
    case 'isp':
      if (node.as !== undefined) return ['routers'];
      return operating.has(node.role) ? ['operations'] : ['servers'];
    case 'customer':
      if (node.role === 'co-located-server') return ['co-located'];
      return plan.customers.some(({ prefixes }) => prefixes.some((it) => containsPrefix(it, address)))
        ? ['customers']
        : ['customer-links'];
    case 'transit':
    case 'peer':
      return ['neighbours'];
    case 'internet':
      return ['strangers'];
    case 'fabric':
      return [];
  }
}

/** Roles of the plan that make an operations centre. */
const operating: ReadonlySet<string> = new Set(['management', 'log']);

function addressesOf({ loopback, interfaces }: PlannedNode): string[] {
  return [...loopback, ...Object.values(interfaces).flatMap((it) => it.addresses)].map(canonicalAddress);
}

function knownBy(node: string, planned: PlannedNode): Place[] {
  const all = addressesOf(planned);
  return (['v4', 'v6'] as const).flatMap((family) => {
    const address = all.find((it) => familyOf(it) === family);
    return address === undefined ? [] : [{ node, family, address }];
  });
}
