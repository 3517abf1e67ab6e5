import { z } from 'zod';

import { type Draws, pick, prefixWithin } from '../../model/draws.ts';
import { containsPrefix, parsePrefix } from '../../model/ip.ts';
import { type Family, familyOf, type Plan } from '../../model/plan.ts';

/** Kinds of prefixes that a neighbour may claim, whatever the network: the plan says which they are. */
export const Claim = z.enum([
  'special-use',
  'transition',
  'links',
  'ours',
  'customers',
  'others',
  'pieces',
  'wider',
  'default',
  'too-long',
  'internet',
  'peers',
  'preferred',
]);
export type Claim = z.infer<typeof Claim>;

/** What each kind means, for the docs. */
export const claims: Readonly<Record<Claim, string>> = {
  'special-use': 'private, shared, loopback and reserved space, whole and in pieces (RFC 6890)',
  transition: 'of tunnels, discard and protocol assignments (RFC 6890), which no list of registered prefixes has',
  links: 'the networks of our links',
  ours: 'our own space in every length, the networks of our servers and single servers',
  customers: 'of our other customers, in our space, whole and in pieces',
  others: 'of the other networks of the plan, whole and in pieces',
  pieces: 'pieces of what the neighbour itself registered',
  wider: 'more than the neighbour registered',
  default: 'the default route, whole and in halves',
  'too-long': 'pieces of networks in every length that is not routed (RFC 7454, section 6.1.3)',
  internet: 'networks somewhere in the Internet, of lengths that are routed',
  peers: 'of our peers, whole',
  preferred: 'of neighbours that are to be preferred: customers before peers before transit',
};

/** One prefix that is claimed. */
export interface Claimed {
  readonly label: string;
  readonly prefix: string;
  /** Whose it is by the plan. */
  readonly origin?: number;
  /** A piece of a prefix that is claimed as well. */
  readonly part?: true;
}

type Block = readonly [label: string, ...prefixes: string[]];

/** bgpd neither announces nor takes multicast and link-local space, so these are left out. */
const specialUse: readonly Block[] = [
  ['private (RFC 1918)', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['between provider and customer (RFC 6598)', '100.64.0.0/10'],
  ['this network, the router itself, the link', '0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16'],
  ['measurements and reserved', '198.18.0.0/15', '240.0.0.0/4'],
  ['unique local (RFC 4193)', 'fc00::/7'],
  ['once site-local (RFC 3879)', 'fec0::/10'],
  ['documentation (RFC 9637)', '3fff::/20'],
];

const transition: readonly Block[] = [
  ['protocol assignments', '192.0.0.0/24', '2001::/23'],
  ['6to4 (RFC 3056)', '2002::/16'],
  ['discard (RFC 6666), and all of what is special', '100::/64', '::/8'],
];

/** The longest length that is routed between networks, and that of an address. */
const longest: Readonly<Record<Family, number>> = { v4: 24, v6: 48 };
const bitsOf: Readonly<Record<Family, number>> = { v4: 32, v6: 128 };

/** The prefixes of a kind that a neighbour may claim. */
export function claimsOf(claim: Claim, from: string, plan: Plan, draws: Draws): Claimed[] {
  const own = registeredBy(from, plan);
  const blocks = (list: readonly Block[]): Claimed[] =>
    list.flatMap(([label, ...prefixes]) =>
      prefixes.flatMap((prefix) => [{ label, prefix }, ...drawnInside(prefix, draws).map((it) => piece(label, it))]),
    );
  switch (claim) {
    case 'special-use':
      return blocks(specialUse);
    case 'transition':
      return blocks(transition);
    case 'links':
      return linksOf(plan).map((prefix) => ({ label: 'our link', prefix }));
    case 'ours':
      return oursIn(plan, draws).filter(({ prefix }) => !own.some((it) => containsPrefix(it, prefix)));
    case 'customers':
      return plan.customers
        .filter(({ node }) => node !== from)
        .flatMap(({ name, prefixes }) =>
          prefixes
            .filter((it) => isOurs(it, aggregatesOf(plan)))
            .flatMap((it) => wholeAndPieces(`of ${name}`, it, draws)),
        );
    case 'others':
      return othersThan(from, plan).flatMap(([as, { name, prefixes }]) =>
        prefixes.flatMap((it) => wholeAndPieces(`of ${name}`, it, draws).map((one) => ({ ...one, origin: as }))),
      );
    case 'pieces':
      return own.flatMap((it) => wholeAndPieces('what it registered', it, draws).slice(1));
    case 'wider':
      return own.flatMap((it) => widerThan(it).map((prefix) => ({ label: 'more than was registered', prefix })));
    case 'default':
      return ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'].map((prefix) => ({
        label: 'the default route, which is not theirs',
        prefix,
      }));
    case 'too-long':
      return [
        ...own.flatMap((it) => tooLong('a part of its network', it, draws)),
        ...(['v4', 'v6'] as const).flatMap((family) =>
          tooLong('a part of a network', drawnFromInternet(family, longest[family], plan, draws), draws),
        ),
      ];
    case 'internet':
      return [24, 24, 22, 16, 48, 48, 48, 46, 40, 36].map((length, index) => ({
        label: 'a network of the Internet',
        prefix: drawnFromInternet(index < 4 ? 'v4' : 'v6', length, plan, draws),
      }));
    case 'peers':
      return neighboursOf(plan)
        .filter(({ relation, node }) => relation === 'peer' && node !== from)
        .flatMap(({ node, as }) =>
          registeredBy(node, plan).map((prefix) => ({ label: 'of a peer', prefix, origin: as })),
        );
    case 'preferred':
      return preferredTo(from, plan).flatMap(([as, prefixes]) =>
        prefixes.map((prefix) => ({ label: `of AS ${as}, which is to be preferred`, prefix, origin: as })),
      );
  }
}

/** What a neighbour may announce: what its router originates by the plan. */
export function registeredBy(node: string, plan: Plan): string[] {
  return (plan.nodes[node]?.prefixes ?? []).map(spelled);
}

/** A network somewhere in the Internet: of no party of the plan, and nothing special. */
export function drawnFromInternet(family: Family, length: number, plan: Plan, draws: Draws): string {
  const taken = [
    ...Object.values(plan.ases).flatMap((it) => it.prefixes),
    ...networksOf(plan, () => true),
    ...[...specialUse, ...transition].flatMap(([, ...prefixes]) => prefixes),
    '192.0.0.0/16',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
    '2001:db8:ffff::/48',
  ].filter((it) => familyOf(it) === family);
  for (;;) {
    // Of IPv6 documentation space has room for all; of IPv4 it has none, so that only drawing is left.
    const prefix = prefixWithin(draws, family === 'v4' ? '0.0.0.0/0' : '2001:db8::/32', length);
    if (!taken.some((it) => containsPrefix(it, prefix) || containsPrefix(prefix, it))) return prefix;
  }
}

function piece(label: string, prefix: string): Claimed {
  return { label: `${label}, a part of it`, prefix, part: true };
}

/** Two drawn prefixes inside of one: of a length that is routed, and of one that is not. */
function drawnInside(prefix: string, draws: Draws): string[] {
  const { family, prefixLength } = parsePrefix(prefix);
  const [routed, most] = [longest[family], family === 'v6' && prefixLength < 64 ? 64 : bitsOf[family]];
  const lengths = [
    ...(prefixLength < routed ? [prefixLength + 1 + draws.below(routed - prefixLength)] : []),
    Math.max(prefixLength, routed) + 1 + draws.below(most - Math.max(prefixLength, routed)),
  ];
  return lengths.map((length) => prefixWithin(draws, prefix, length));
}

/** A prefix, one of its halves, one of its pieces, one of its addresses. */
function wholeAndPieces(label: string, prefix: string, draws: Draws): Claimed[] {
  const { family, prefixLength } = parsePrefix(prefix);
  const bits = bitsOf[family];
  const lengths = [prefixLength + 1, prefixLength + 1 + draws.below(bits - prefixLength), bits].filter(
    (it, index, all) => it <= bits && all.indexOf(it) === index,
  );
  return [
    { label, prefix: spelled(prefix) },
    ...lengths.map((length) => piece(label, prefixWithin(draws, prefix, length))),
  ];
}

function oursIn(plan: Plan, draws: Draws): Claimed[] {
  const aggregates = aggregatesOf(plan);
  const networks = networksOf(plan, (side) => side === 'isp').filter((it) =>
    aggregates.some((all) => containsPrefix(all, it)),
  );
  const servers = Object.values(plan.nodes).filter((it) => it.side === 'isp' && it.as === undefined);
  const server = Object.values(pick(draws, servers).interfaces).flatMap((it) => it.addresses.map(hostOf));
  return [
    ...aggregates.flatMap((all) => lengthsFrom(all).map((length) => prefixWithin(draws, all, length))),
    ...networks,
    ...server,
  ].map((prefix) => ({ label: 'ours', prefix }));
}

/** Lengths from that of a prefix to that of an address: all of IPv4, of IPv6 those at the borders of what people use. */
function lengthsFrom(prefix: string): number[] {
  const { family, prefixLength } = parsePrefix(prefix);
  const all = Array.from({ length: bitsOf[family] - prefixLength + 1 }, (_, index) => prefixLength + index);
  const borders = new Set([prefixLength, prefixLength + 1, 44, 47, 48, 49, 56, 63, 64, 65, 96, 127, 128]);
  return family === 'v4' ? all : all.filter((it) => borders.has(it));
}

function tooLong(label: string, prefix: string, draws: Draws): Claimed[] {
  const { family } = parsePrefix(prefix);
  return lengthsFrom(prefix)
    .filter((length) => length > longest[family])
    .map((length) => ({ label, prefix: prefixWithin(draws, prefix, length) }));
}

function widerThan(prefix: string): string[] {
  const { network, prefixLength } = parsePrefix(prefix);
  return [1, 8].map((bits) => spelled(`${network}/${prefixLength - bits}`));
}

/** Networks between our routers and others; of IPv6 only those that are ours, for a neighbour may number a link. */
function linksOf(plan: Plan): string[] {
  const ours = aggregatesOf(plan);
  return networksOf(plan, (side, as) => side === 'isp' && as !== undefined).filter(
    (it) => (familyOf(it) === 'v4' && !isOurs(it, ours)) || (familyOf(it) === 'v6' && isOurs(it, ours)),
  );
}

/** What our routers originate. */
function aggregatesOf(plan: Plan): string[] {
  const routers = Object.values(plan.nodes).filter((it) => it.side === 'isp' && it.as !== undefined);
  return [...new Set(routers.flatMap((it) => it.prefixes).map(spelled))];
}

function isOurs(prefix: string, ours: readonly string[]): boolean {
  return ours.some((it) => containsPrefix(it, prefix));
}

function networksOf(plan: Plan, of: (side: string, as?: number) => boolean): string[] {
  const addresses = Object.values(plan.nodes)
    .filter(({ side, as }) => of(side, as))
    .flatMap(({ interfaces }) => Object.values(interfaces).flatMap((it) => it.addresses));
  return [...new Set(addresses.map(spelled))];
}

function othersThan(from: string, plan: Plan): [number, Plan['ases'][string]][] {
  const [own, ours] = [plan.nodes[from]?.as, ownAs(plan)];
  return Object.entries(plan.ases)
    .map(([as, it]) => [Number(as), it] as [number, Plan['ases'][string]])
    .filter(([as]) => as !== own && as !== ours);
}

/** Our own AS number. */
export function ownAs(plan: Plan): number | undefined {
  return Object.values(plan.nodes).find((it) => it.side === 'isp' && it.as !== undefined)?.as;
}

const rank = { customer: 3, peer: 2, transit: 1 } as const;

function neighboursOf(plan: Plan): Plan['nodes'][string]['bgp'] {
  return Object.values(plan.nodes)
    .filter((it) => it.side === 'isp')
    .flatMap((it) => it.bgp);
}

function preferredTo(from: string, plan: Plan): [number, string[]][] {
  const entries = neighboursOf(plan);
  const rankOf = (relation: string): number => rank[relation as keyof typeof rank] ?? 0;
  const own = Math.max(0, ...entries.filter((it) => it.node === from).map((it) => rankOf(it.relation)));
  return entries
    .filter((it) => rankOf(it.relation) > own && it.node in plan.nodes)
    .map(({ node, as }) => [as, registeredBy(node, plan)]);
}

function spelled(text: string): string {
  const { network, prefixLength } = parsePrefix(text);
  return `${network}/${prefixLength}`;
}

function hostOf(cidr: string): string {
  const { family, address } = parsePrefix(cidr);
  return `${address}/${bitsOf[family]}`;
}
