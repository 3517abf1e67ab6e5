import { addressBeside, addressWithin, type Draws, endsOf, pick, prefixWithin, sample } from '../../model/draws.ts';
import { containsPrefix, parsePrefix } from '../../model/ip.ts';
import { placesOf, type PlaceClass } from '../../model/places.ts';
import { familyOf, type Plan } from '../../model/plan.ts';
import { addressesOfNode, type CustomerPort, customerPorts, type Lan } from './ports.ts';

/** Source addresses of one kind, in words that stand behind "in the name of". */
export interface Names {
  readonly whose: string;
  readonly addresses: readonly string[];
}

/** Space that no source is in by right (RFC 6890), as far as routers forward it at all. */
const special: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '240.0.0.0/5',
  'fc00::/7',
  '2002::/16',
  '2001:db8:ffff::/48',
  '3fff::/20',
];

/** Who asks: what it may be a source with, by any reading, and the spaces that this lies in. */
export interface Self {
  readonly customer?: string;
  owns(address: string): boolean;
  readonly edge: string;
  readonly blocks: readonly string[];
  readonly lan?: Lan;
}

/** Whoever a sender is not. */
export function namesOfOthers(plan: Plan, { customer, owns, edge, blocks, lan }: Self, draws: Draws): Names[] {
  const places = (of: PlaceClass): string[] => placesOf(plan, [of]).map((it) => it.address);
  const one = (addresses: readonly string[]): string[] =>
    (['v4', 'v6'] as const).flatMap((family) => {
      const own = addresses.filter((it) => familyOf(it) === family);
      return own.length === 0 ? [] : [pick(draws, own)];
    });
  const others = customerPorts(plan).filter((it) => it.customer !== customer);
  const ours = plan.ases[String(plan.nodes[edge]?.as)]?.prefixes ?? [];
  const foreign = Object.entries(plan.ases).flatMap(([as, { prefixes }]) =>
    Number(as) === plan.nodes[edge]?.as || plan.customers.some((it) => it.as === Number(as)) ? [] : prefixes,
  );
  const local = new Set(addressesOfNode(plan, edge));
  const names: Names[] = [
    {
      whose: 'another customer',
      addresses: others.flatMap((it) => [
        ...it.blocks.map((block) => addressWithin(draws, block)),
        ...it.linkAddresses,
      ]),
    },
    {
      whose: 'the provider',
      addresses: [
        ...one(places('servers')),
        ...one(places('servers')),
        ...one(places('operations')),
        ...one(places('routers').filter((it) => !local.has(it))),
        ...ours.map((prefix) => addressWithin(draws, prefix)),
      ],
    },
    {
      whose: 'somebody in the Internet',
      addresses: [
        ...one(places('strangers')),
        ...one(places('neighbours')),
        ...one(foreign.map((prefix) => addressWithin(draws, prefix))),
      ],
    },
    {
      whose: 'nobody, from special-use space',
      addresses: (['v4', 'v6'] as const).flatMap((family) =>
        sample(
          draws,
          special.filter((it) => familyOf(it) === family),
          3,
        ).map((it) => addressWithin(draws, it)),
      ),
    },
    {
      whose: 'somebody just beside its own space',
      addresses: (lan?.prefixes ?? blocks).flatMap((prefix) => besides(prefix, draws)),
    },
    ...(lan === undefined ? [] : namesOnLan(plan, lan, blocks, draws)),
  ];
  return names.map(({ whose, addresses }) => ({
    whose,
    addresses: [...new Set(addresses)].filter((it) => !owns(it) && !local.has(it) && isUsual(it)),
  }));
}

/** The nearest addresses outside of a prefix, and some other one of the half beside it: where a mask is a bit too short. */
function besides(prefix: string, draws: Draws): string[] {
  const { first, last } = endsOf(prefix);
  const { prefixLength } = parsePrefix(prefix);
  const around = `${first}/${prefixLength - 1}`;
  const half = endsOf(around).first === first ? addressBeside(last, 1n) : endsOf(around).first;
  return [
    addressBeside(first, -1n),
    addressBeside(last, 1n),
    half === undefined ? undefined : addressWithin(draws, `${half}/${prefixLength}`),
  ].filter((it) => it !== undefined);
}

function namesOnLan(
  plan: Plan,
  { router, interface: port, prefixes, hosts }: Lan,
  blocks: readonly string[],
  draws: Draws,
): Names[] {
  const stations = [
    ...(plan.nodes[router]?.interfaces[port]?.addresses ?? []).map((it) => parsePrefix(it).address),
    ...hosts.flatMap((host) => addressesOfNode(plan, host)),
  ];
  return [
    { whose: 'a neighbour on the LAN', addresses: stations },
    {
      whose: 'the rest of the block, where no LAN is',
      addresses: blocks
        .map((block) => addressWithin(draws, block))
        .filter((it) => !prefixes.some((prefix) => containsPrefix(prefix, it))),
    },
    {
      whose: 'a computer of the LAN that is not there',
      addresses: prefixes.flatMap((prefix) => {
        const free = Array.from({ length: 8 }, () => addressWithin(draws, prefix)).filter(
          (it) => !stations.includes(it) && it !== endsOf(prefix).first && it !== endsOf(prefix).last,
        );
        return free.slice(0, 1);
      }),
    },
  ];
}

/** All that a customer may be a source with: the ends of each of its blocks, some address in between, and its end of the link. */
export function ownNames({ blocks, linkAddresses }: CustomerPort, draws: Draws): Names[] {
  return [
    {
      whose: 'its own block',
      addresses: blocks.flatMap((block) => {
        const { first, last } = endsOf(block);
        return [first, last, addressWithin(draws, block), addressWithin(draws, longer(block, draws))];
      }),
    },
    { whose: 'its end of the link', addresses: linkAddresses },
  ];
}

/** A piece of a block, of any length: what is forgotten has no fixed size. */
function longer(block: string, draws: Draws): string {
  const { prefixLength, family } = parsePrefix(block);
  const rest = (family === 'v4' ? 32 : 128) - prefixLength;
  return prefixWithin(draws, block, prefixLength + draws.below(rest + 1));
}

/** The names of the one it goes to. */
export function namesOfReceiver({ blocks, linkAddresses }: CustomerPort, draws: Draws): Names[] {
  return [
    {
      whose: 'the receiver',
      addresses: [
        ...(blocks.length === 0 ? linkAddresses : []),
        ...blocks.flatMap((block) => {
          const { first, last } = endsOf(block);
          return [first, last, addressWithin(draws, longer(block, draws))];
        }),
      ].filter(isUsual),
    },
  ];
}

/** Not what every kernel refuses as a source, whatever its filters say: multicast, broadcast, unspecified, loopback, link-local. */
function isUsual(address: string): boolean {
  if (familyOf(address) === 'v6') return !/^(?:ff|fe[89ab]|::1?$)/.test(address);
  const first = Number(address.split('.')[0]);
  return first !== 127 && (first < 224 || first > 239) && address !== '0.0.0.0' && address !== '255.255.255.255';
}
