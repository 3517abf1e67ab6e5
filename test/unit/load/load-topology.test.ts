import { describe, expect, it } from 'vitest';

import { parseTopology } from '#core/load/load-topology.ts';
import { subTopology } from '#core/model/topology.ts';

const inheriting = `
name: x
topology:
  defaults:
    kind: linux
    image: from-defaults
    group: core
    network-mode: none
    cap-add: [NET_ADMIN]
    binds: ['configs/__clabNodeName__:/config', 'shared:/shared']
    exec: [echo defaults on __clabLabName__]
    env: { FROM: defaults, D: 007 }
  kinds:
    linux:
      image: from-kind
      cap-add: [NET_RAW, CAP_NET_ADMIN]
      exec: [echo kind]
      env: { FROM: kind, K: yes }
  groups:
    core:
      image: from-group
      exec: [echo group]
      sysctls: { net.ipv4.ip_forward: 1 }
      env: { FROM: group, G: '' }
    edge:
      cap-add: [SYS_ADMIN]
      env: { FROM: edge }
  nodes:
    r1:
      image: from-node
      exec: [echo node __clabNodeName__]
      binds: ['own:/shared/:ro']
      labels: { role: router }
      env: { FROM: node }
    r2:
    r3: { group: edge }
  links:
    - endpoints: ['r1:eth0', 'r2:eth0']
    - endpoints: ['r1:eth1', 'r3:eth1']
      mtu: 1500
    - type: veth
      endpoints:
        - { node: r2, interface: eth2, mac: 02:00:00:00:00:02 }
        - { node: r3, interface: eth2 }
`;

describe('a topology', () => {
  const topology = parseTopology('x.clab.yml', inheriting);
  const [r1, r2, r3] = ['r1', 'r2', 'r3'].map((name) => topology.nodes.get(name));

  it('takes the most specific scalar: node, group, kind, defaults', () => {
    expect([r1?.image, r2?.image, r3?.image]).toEqual(['from-node', 'from-group', 'from-kind']);
  });

  it('merges maps and keeps their values as they are written', () => {
    expect(r1?.env).toEqual({ FROM: 'node', D: '007', K: 'yes', G: '' });
    expect(r3?.env).toEqual({ FROM: 'edge', D: '007', K: 'yes' });
    expect(r1?.labels).toEqual({ role: 'router' });
  });

  it('appends lists from defaults to the node, and says each capability once', () => {
    expect(r1?.exec).toEqual(['echo defaults on clab-x', 'echo kind', 'echo group', 'echo node r1']);
    expect(r1?.capAdd).toEqual(['NET_ADMIN', 'NET_RAW']);
    expect(r3?.capAdd).toEqual(['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN']);
  });

  it('lets a more specific bind take the place of one to the same folder', () => {
    expect(r1?.binds).toEqual([
      { source: 'configs/r1', target: '/config', readOnly: false },
      { source: 'own', target: '/shared', readOnly: true },
    ]);
    expect(r2?.binds[1]).toEqual({ source: 'shared', target: '/shared', readOnly: false });
  });

  it('switches IPv6 on, as the kind linux of containerlab does', () => {
    expect(r2?.sysctls).toEqual({ 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.disable_ipv6': '0' });
  });

  it('reads both forms of a link, with the MTU of containerlab when none is given', () => {
    expect(topology.links).toEqual([
      { a: { node: 'r1', interface: 'eth0' }, b: { node: 'r2', interface: 'eth0' }, mtu: 9500 },
      { a: { node: 'r1', interface: 'eth1' }, b: { node: 'r3', interface: 'eth1' }, mtu: 1500 },
      {
        a: { node: 'r2', interface: 'eth2', mac: '02:00:00:00:00:02' },
        b: { node: 'r3', interface: 'eth2' },
        mtu: 9500,
      },
    ]);
  });

  it('has parts with the links that have both ends in them', () => {
    const part = subTopology(topology, ['r1', 'r2']);
    expect([...part.nodes.keys()]).toEqual(['r1', 'r2']);
    expect(part.links).toHaveLength(1);
  });
});
