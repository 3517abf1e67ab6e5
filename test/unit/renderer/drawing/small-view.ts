import type { DrawnEnd, DrawnNode, TopologyView } from '../../../../electron/contract/topology.ts';

function node(name: string, at: [number, number]): DrawnNode {
  return {
    name,
    at,
    title: name,
    role: 'router',
    side: 'isp',
    attacker: false,
    loopback: [],
    names: [],
    interfaces: [],
  };
}

function end(name: string): DrawnEnd {
  return { node: name, interface: 'eth0', addresses: ['192.0.2.1/24'] };
}

/** Two routers in a row, a third far away, and a LAN with two servers below. */
export const view: TopologyView = {
  title: 'A small network',
  ases: {},
  nodes: [node('core', [1, 1]), node('edge', [2, 1]), node('far', [6, 1]), node('name', [1, 3]), node('mail', [2, 3])],
  links: [
    { id: 'core-edge', ends: [end('core'), end('edge')] },
    { id: 'edge-far', ends: [end('edge'), end('far')] },
    { id: 'srv', segment: 'srv', ends: [end('core'), end('name'), end('mail')] },
  ],
};
