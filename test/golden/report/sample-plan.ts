import { type Plan, PlanFile } from '#core/model/plan.ts';

/** A plan in the shape of the reference ISP, with each way of wiring that the drawing knows: links, LANs, an IXP. */
export const samplePlan: Plan = PlanFile.parse({
  title: 'Example ISP and its neighbours',
  ases: {
    '64496': { name: 'Example ISP', domain: 'isp.example', prefixes: ['192.0.2.0/24', '2001:db8::/40'] },
    '64500': { name: 'Transit', domain: 'transit.example', prefixes: ['198.51.100.0/24', '2001:db8:500::/48'] },
    '64501': { name: 'Peer', domain: 'peer.example', prefixes: ['203.0.113.0/24', '2001:db8:501::/48'] },
    '64510': { name: 'Customer B', domain: 'cust-b.example', prefixes: ['192.0.2.160/27', '2001:db8:510::/48'] },
  },
  nodes: {
    evil: node(
      'Internet attacker',
      'internet',
      [0, 0.5],
      { eth0: [['198.51.100.66/24', '2001:db8:500:1::66/64'], 'inet'] },
      true,
    ),
    remote: node('the legitimate Internet', 'internet', [0, 1.5], {
      eth0: [['198.51.100.10/24', '2001:db8:500:1::10/64'], 'inet'],
    }),
    transit: node('upstream AS 64500', 'transit', [1.2, 1], {
      lan0: [['198.51.100.1/24', '2001:db8:500:1::1/64'], 'inet'],
      to_br1: [['100.64.0.1/30'], 'br1'],
    }),
    br1: node('border router', 'isp', [2.4, 1], {
      to_tr: [['100.64.0.2/30'], 'transit'],
      ixp0: [['100.64.50.1/24', '2001:db8:1900::1/64'], 'ixp'],
      to_p1: [['10.0.0.1/30'], 'p1'],
    }),
    peer1: node(
      'IXP peer AS 64501',
      'peer',
      [2.4, 0],
      {
        ixp0: [['100.64.50.2/24', '2001:db8:1900::2/64'], 'ixp'],
        to_ceb: [['100.64.1.9/30'], 'ceb'],
      },
      true,
    ),
    p1: node('core, route reflector', 'isp', [3.6, 1], {
      to_br1: [['10.0.0.2/30'], 'br1'],
      to_pe1: [['10.0.0.5/30'], 'pe1'],
      srv0: [['192.0.2.1/27'], 'srv'],
      mgmt0: [['192.0.2.33/28'], 'mgmt'],
    }),
    pe1: node('provider edge', 'isp', [4.8, 1], {
      to_p1: [['10.0.0.6/30'], 'p1'],
      to_cea: [['100.64.1.1/30'], 'cea'],
      to_ceb: [['100.64.1.5/30'], 'ceb'],
      colo2_0: [['192.0.2.66/31'], 'colo2'],
    }),
    cea: node('customer A edge', 'customer', [6, 1], {
      up0: [['100.64.1.2/30'], 'pe1'],
      lan0: [['192.0.2.129/28'], 'lana'],
    }),
    a1: node('customer A host', 'customer', [7.2, 0.5], { eth0: [['192.0.2.130/28', '2001:db8:a:1::130/64'], 'lana'] }),
    a2: node('customer A host', 'customer', [7.2, 1.5], { eth0: [['192.0.2.131/28', '2001:db8:a:1::131/64'], 'lana'] }),
    ceb: node(
      'customer B edge',
      'customer',
      [6, 0],
      { up0: [['100.64.1.6/30'], 'pe1'], to_peer1: [['100.64.1.10/30'], 'peer1'] },
      true,
    ),
    colo2: node('co-located host', 'customer', [6, 2], { eth0: [['192.0.2.67/31'], 'pe1'] }, true),
    ns1: node('authoritative DNS', 'isp', [1.2, 3], { eth0: [['192.0.2.2/27', '2001:db8:0:1::2/64'], 'srv'] }),
    res1: node('resolver', 'isp', [2.4, 3], { eth0: [['192.0.2.3/27', '2001:db8:0:1::3/64'], 'srv'] }),
    mx: node('mail', 'isp', [3.6, 3], { eth0: [['192.0.2.4/27', '2001:db8:0:1::4/64'], 'srv'] }),
    noc: node('management station', 'isp', [4.8, 3], { eth0: [['192.0.2.34/28'], 'mgmt'] }),
    log: node('log host', 'isp', [6, 3], { eth0: [['192.0.2.35/28'], 'mgmt'] }),
    fabric: node('bridges', 'fabric', [0, 3], {}),
  },
});

function node(
  title: string,
  side: string,
  at: [number, number],
  interfaces: Record<string, [string[], string]>,
  attacker = false,
): unknown {
  const planned = Object.entries(interfaces).map(([name, [addresses, to]]) => [name, { addresses, to }]);
  return { title, role: title, side, attacker, interfaces: Object.fromEntries(planned), at };
}
