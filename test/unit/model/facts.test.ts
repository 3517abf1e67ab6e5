import { describe, expect, it } from 'vitest';

import { factsOf } from '#core/model/facts.ts';

import { smallPlan } from '../../golden/diagnostics/cases.ts';

describe('the facts of a node', () => {
  const facts = factsOf(smallPlan, 'pe1');

  it('say who it is and who its neighbours are', () => {
    expect(facts).toMatchObject({ name: 'pe1', role: 'edge-router', side: 'isp', as: 64_496 });
    expect(facts?.loopback).toEqual({ v4: '192.0.2.51', v6: '2001:db8:0:ffff::51' });
    expect(facts?.bgp.internal).toEqual([
      { node: 'br1', as: 64_496, relation: 'internal', ipv4: '192.0.2.49', ipv6: '2001:db8:0:ffff::49' },
    ]);
    expect(facts?.bgp.transit).toEqual([]);
  });

  it('take addresses apart', () => {
    expect(facts?.interfaces[0]).toMatchObject({
      name: 'to_br1',
      ipv4: { address: '10.0.0.2', prefixLength: 30, network: '10.0.0.0', netmask: '255.255.255.252' },
      ipv6: { address: '2001:db8:0:100::2', prefixLength: 64, network: '2001:db8:0:100::' },
      peer: { node: 'br1', interface: 'to_pe1', ipv4: '10.0.0.1' },
    });
  });

  it('name everybody on a segment, and a peer on links only', () => {
    const [, srv] = factsOf(smallPlan, 'br1')?.interfaces ?? [];
    expect(srv?.peer).toBeUndefined();
    expect(srv?.peers).toEqual([{ node: 'mx', interface: 'eth0', ipv4: '192.0.2.4', ipv6: '2001:db8:0:1::4' }]);
  });

  it('list the customers that are attached to it', () => {
    expect(facts?.customers).toEqual([
      { name: 'cust-a', node: 'a1', interface: 'to_a1', prefixes: { v4: ['192.0.2.128/28'], v6: ['2001:db8:a::/48'] } },
    ]);
    expect(factsOf(smallPlan, 'br1')?.customers).toEqual([]);
  });

  it('are undefined for a node that is not planned', () => {
    expect(factsOf(smallPlan, 'pe9')).toBeUndefined();
  });
});
