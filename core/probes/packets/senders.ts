import { placesOf } from '../../model/places.ts';
import type { Plan } from '../../model/plan.ts';
import { type CustomerPort, customerLans, customerPorts, type Lan } from './ports.ts';

/** Where packets come from. */
export const senderClasses = [
  'customer-ports',
  'customer-routers',
  'co-located',
  'lan-hosts',
  'strangers',
  'neighbours',
  'servers',
  'operations',
] as const;
export type SenderClass = (typeof senderClasses)[number];

/** Somebody who sends. */
export interface Sender {
  readonly node: string;
  /** The provider's router at the customers. */
  readonly edge: string;
  /** Of a customer's machine: where the customer is attached. */
  readonly port?: CustomerPort;
  /** Of a host behind a customer's router. */
  readonly lan?: Lan;
}

function atPort(port: CustomerPort): Sender {
  return { node: port.node, edge: port.edge, port };
}

/**
 * Every customer's port, those with a network behind them and those of single servers; every host of a customer's LAN; of the other classes those machines that the
 * plan has as attackers, where it has any: what stands beside them takes the same way.
 */
export function sendersOf(plan: Plan, classes: readonly SenderClass[]): Sender[] {
  const ports = customerPorts(plan);
  const edge = ports[0]?.edge ?? '';
  return classes.flatMap((name): Sender[] => {
    if (name === 'customer-ports') return ports.map(atPort);
    // Whoever has space of its own is a network; a server in our racks has the addresses of its link.
    if (name === 'customer-routers') return ports.filter((it) => it.blocks.length > 0).map(atPort);
    if (name === 'co-located') return ports.filter((it) => it.blocks.length === 0).map(atPort);
    if (name === 'lan-hosts')
      return customerLans(plan).flatMap((lan) => {
        const port = ports.find((it) => it.node === lan.router);
        return port === undefined ? [] : lan.hosts.map((node) => ({ node, edge: port.edge, port, lan }));
      });
    const nodes = [...new Set(placesOf(plan, [name]).map((it) => it.node))];
    const attackers = nodes.filter((node) => plan.nodes[node]?.attacker === true);
    return (attackers.length > 0 ? attackers : nodes).map((node) => ({ node, edge }));
  });
}
