import { canonicalAddress, containsPrefix } from '../../model/ip.ts';
import { type Place, type PlaceName, placesOf } from '../../model/places.ts';
import type { Plan } from '../../model/plan.ts';

/** The domain of the party that runs a node: of the customer, of the network, or what its own name says. */
export function domainOf(plan: Plan, node: string): string {
  const planned = plan.nodes[node];
  const addresses = Object.values(planned?.interfaces ?? {}).flatMap((it) => it.addresses);
  const customer = plan.customers.find(
    (it) =>
      it.node === node ||
      (planned?.side === 'customer' &&
        it.prefixes.some((prefix) =>
          addresses.some((address) => containsPrefix(prefix, address.replace(/\/\d+$/, ''))),
        )),
  );
  const network = planned?.as === undefined ? undefined : plan.ases[String(planned.as)];
  return customer?.domain ?? network?.domain ?? domainIn(heloOf(plan, node));
}

/** An address at a place that exists and whose domain answers: every domain has a postmaster (RFC 5321 §4.5.1). */
export function postmasterAt(plan: Plan, { node }: Pick<Place, 'node'>): string {
  return `postmaster@${domainOf(plan, node)}`;
}

/** What a node calls itself in a greeting. */
export function heloOf(plan: Plan, node: string): string {
  return plan.nodes[node]?.names[0] ?? `${node}.invalid`;
}

function domainIn(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/**
 * The places of the named classes and nodes that have a way to us under their address. One on a link
 * between two others has none: nobody routes to it, or we would take it for forged.
 */
export function callersOf(plan: Plan, names: readonly PlaceName[], except: readonly string[]): Place[] {
  return placesOf(plan, names).filter(({ node, address }) => !except.includes(node) && hasWay(plan, node, address));
}

function hasWay(plan: Plan, node: string, address: string): boolean {
  const own = plan.nodes[node];
  const link = Object.values(own?.interfaces ?? {}).find(({ addresses }) =>
    addresses.some((it) => canonicalAddress(it) === address),
  );
  const other = link === undefined ? undefined : plan.nodes[link.to];
  return own?.side === 'isp' || other === undefined || other.side === 'isp' || other.side === own?.side;
}
