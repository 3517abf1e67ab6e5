import { entryOf } from '../model/entry-of.ts';
import { canonicalAddress, containsPrefix, isLabAs, isLabSpace, parsePrefix } from '../model/ip.ts';
import type { Plan } from '../model/plan.ts';
import { type Complaints, oneOf } from './complaints.ts';
import type { Path } from './positions.ts';
import { complainAt, type YamlFile } from './yaml.ts';

interface Written {
  readonly path: Path;
  readonly text: string;
  readonly owner: string;
}

/**
 * Complains about addresses outside documentation and private space, prefixes with host bits,
 * addresses that two nodes claim, and neighbours that are said to have an address that is not theirs.
 */
export function complainOfAddresses(complaints: Complaints, yaml: YamlFile, plan: Plan): void {
  const own = addressesOf(plan);
  for (const { path, text } of [...own, ...prefixesOf(plan)]) {
    if (!isLabSpace(text))
      complainAt(complaints, yaml, path, {
        message: `${text} belongs to somebody on the Internet`,
        expected: 'documentation or private space (RFC 5737, 3849, 9637, 6598, 1918, 4193)',
      });
  }
  for (const { path, text } of prefixesOf(plan)) {
    const { address, network, prefixLength } = parsePrefix(text);
    if (address !== network)
      complainAt(complaints, yaml, path, {
        message: `${text} has host bits set`,
        expected: `${network}/${prefixLength}`,
      });
  }
  for (const as of Object.keys(plan.ases)) {
    if (!isLabAs(Number(as)))
      complainAt(
        complaints,
        yaml,
        ['ases', as],
        {
          message: `AS ${as} belongs to somebody on the Internet`,
          expected: 'a number for documentation (RFC 5398) or private use (RFC 6996)',
        },
        'key',
      );
  }
  complainOfTwins(complaints, yaml, own);
  complainOfNeighborAddresses(complaints, yaml, plan, own);
}

/** A link-local address counts on its own link only (RFC 4291 §2.5.6), so it may stand anywhere again. */
function complainOfTwins(complaints: Complaints, yaml: YamlFile, own: readonly Written[]): void {
  const first = new Map<string, Written>();
  for (const written of own) {
    const address = canonicalAddress(written.text);
    if (containsPrefix('fe80::/10', address)) continue;
    const before = first.get(address);
    if (before === undefined) first.set(address, written);
    else {
      const line = yaml.place(before.path).value.line;
      complainAt(complaints, yaml, written.path, {
        message: `${address} is taken: ${before.owner} has it`,
        expected: 'every address in one place',
        hint: `the first is in line ${line}`,
      });
    }
  }
}

function complainOfNeighborAddresses(
  complaints: Complaints,
  yaml: YamlFile,
  plan: Plan,
  own: readonly Written[],
): void {
  const addresses = addressesByOwner(own);
  for (const [name, { bgp }] of Object.entries(plan.nodes)) {
    for (const [index, neighbor] of bgp.entries()) {
      if (entryOf(plan.nodes, neighbor.node) === undefined) continue;
      const theirs = addresses.get(neighbor.node) ?? new Set();
      for (const [at, address] of neighbor.addresses.entries()) {
        if (!theirs.has(canonicalAddress(address))) {
          complainAt(complaints, yaml, ['nodes', name, 'bgp', index, 'addresses', at], {
            message: `${neighbor.node} does not have ${address}`,
            expected: oneOf([...theirs]),
          });
        }
      }
    }
  }
}

function addressesByOwner(own: readonly Written[]): Map<string, Set<string>> {
  const byOwner = new Map<string, Set<string>>();
  for (const { owner, text } of own) byOwner.set(owner, (byOwner.get(owner) ?? new Set()).add(canonicalAddress(text)));
  return byOwner;
}

function addressesOf(plan: Plan): Written[] {
  return Object.entries(plan.nodes).flatMap(([owner, node]) => [
    ...node.loopback.map((text, index) => ({ owner, text, path: ['nodes', owner, 'loopback', index] })),
    ...Object.entries(node.interfaces).flatMap(([at, { addresses }]) =>
      addresses.map((text, index) => ({ owner, text, path: ['nodes', owner, 'interfaces', at, 'addresses', index] })),
    ),
  ]);
}

function prefixesOf(plan: Plan): Written[] {
  return [
    ...Object.entries(plan.ases).flatMap(([as, { prefixes }]) =>
      listed(prefixes, `AS ${as}`, ['ases', as, 'prefixes']),
    ),
    ...plan.customers.flatMap(({ name, prefixes }, index) => listed(prefixes, name, ['customers', index, 'prefixes'])),
    ...Object.entries(plan.nodes).flatMap(([name, { prefixes }]) =>
      listed(prefixes, name, ['nodes', name, 'prefixes']),
    ),
  ];
}

function listed(prefixes: readonly string[], owner: string, path: Path): Written[] {
  return prefixes.map((text, index) => ({ owner, text, path: [...path, index] }));
}
