import type { Plan } from '../../model/plan.ts';
import { customerLans, customerPorts } from './ports.ts';
import type { Sender } from './senders.ts';

/** Where packets are looked for: an interface of a node, and which way they go there. */
export interface Spot {
  readonly node: string;
  /** `any` is all of them. */
  readonly interface: string;
  readonly direction: 'in' | 'out';
}

/** Where packets count as arrived. */
export const arrivals = [
  'past-edge',
  'edge-stack',
  'edge-port',
  'customer-port',
  'lan-hosts',
  'lan-router-stack',
] as const;
export type Arrival = (typeof arrivals)[number];

export interface Spots {
  /** Whoever could have dropped a packet saw it come there: then it was not lost on the way. */
  readonly witnesses: readonly Spot[];
  readonly ears: readonly Spot[];
  /** Nodes whose own stack is the goal: what came to an interface may still be dropped. */
  readonly stacks: readonly string[];
}

/** Where to look, for what the senders send. */
export function spotsFor(plan: Plan, at: Arrival, senders: readonly Sender[]): Spots {
  const edges = [...new Set(senders.map((it) => it.edge))];
  const everywhere = (nodes: readonly string[], direction: Spot['direction']): Spot[] =>
    nodes.map((node) => ({ node, interface: 'any', direction }));
  const switches = Object.entries(plan.nodes)
    .filter(([, node]) => node.side === 'fabric')
    .map(([name]) => name);
  const lans = customerLans(plan);
  const lanRouters = lans.map((it) => it.router);
  switch (at) {
    case 'past-edge':
      return { witnesses: everywhere(edges, 'in'), ears: everywhere(edges, 'out'), stacks: [] };
    case 'edge-stack':
      return { witnesses: everywhere(edges, 'in'), ears: [], stacks: edges };
    case 'edge-port':
      return {
        witnesses: everywhere([...switches, ...lanRouters], 'in'),
        ears: customerPorts(plan)
          .filter((port) => lanRouters.includes(port.node))
          .map((port) => ({ node: port.edge, interface: port.edgeInterface, direction: 'in' })),
        stacks: [],
      };
    case 'customer-port':
      return {
        witnesses: everywhere(ourRouters(plan), 'in'),
        ears: customerPorts(plan).map((port) => ({ node: port.node, interface: port.interface, direction: 'in' })),
        stacks: [],
      };
    case 'lan-hosts':
      return {
        witnesses: everywhere([...switches, ...lanRouters], 'in'),
        ears: everywhere([...new Set(lans.flatMap((it) => it.hosts))], 'in'),
        stacks: [],
      };
    case 'lan-router-stack':
      return { witnesses: everywhere(switches, 'in'), ears: [], stacks: lanRouters };
  }
}

function ourRouters(plan: Plan): string[] {
  return Object.entries(plan.nodes)
    .filter(([, node]) => node.side === 'isp' && node.as !== undefined)
    .map(([name]) => name);
}

/** All nodes that are looked at. */
export function nodesOfSpots({ witnesses, ears, stacks }: Spots): string[] {
  return [...new Set([...witnesses.map((it) => it.node), ...ears.map((it) => it.node), ...stacks])];
}
