import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = {
  neighbours: 'transit',
  most: 100,
  flood: [
    { within: 'own4', length: 32, count: 128 },
    { within: 'internet4', length: 24, count: 1000 },
    { within: '2001:db8:8000::/33', length: 48, count: 3000 },
  ],
};
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/aggregation-policy')), 600_000);
afterAll(async () => lab?.close());

const routesOfTransit = async (): Promise<string> =>
  lab.run('transit', 'ip route; ip -6 route; vtysh -c "show running-config"');

test('without limits all of it gets in, and leaves again', async () => {
  const { attempts } = await lab.observe('bgp-flood', params);
  const floods = attempts.filter((it) => it.label.includes('prefixes at once'));
  expect(floods.map(({ family, sent, succeeded }) => [family, sent, succeeded])).toEqual([
    ['v4', true, true],
    ['v6', true, true],
  ]);
  expect(await routesOfTransit()).not.toMatch(/proto 99|redistribute/);
  expect(await lab.run('br1', 'ip -6 route show proto bgp | wc -l')).toMatch(/^.{1,2}\n$/);
});

test('with limits the session ends, opens again, and nobody else notices', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('bgp-flood', params);
  expect(attempts.every((it) => it.sent && !it.succeeded && it.proof !== undefined)).toBe(true);
  expect(attempts.find((it) => it.family === 'v6')?.seen).toContain('opens again by itself');
  expect(await lab.run('br1', 'vtysh -c "show bgp summary json"')).not.toMatch(/"state":"Idle/);
});

test('a session that nothing opens again is over', async () => {
  await lab.run(
    'br1',
    `vtysh -c 'conf t' -c 'router bgp 64496' -c 'address-family ipv6 unicast' -c 'neighbor 2001:db8:500:f::1 maximum-prefix 100 80'`,
  );
  const { attempts } = await lab.observe('bgp-flood', params);
  expect(attempts.filter((it) => it.succeeded).map(({ family, label }) => [family, label])).toEqual([
    ['v6', 'the session with 2001:db8:500:f::1 is over until somebody comes'],
  ]);
});

test('where no session is Established there is nothing to flood', async () => {
  await lab.run('br1', `vtysh -c 'conf t' -c 'router bgp 64496' -c 'neighbor 100.64.0.1 shutdown'`);
  await expect(lab.observe('bgp-flood', params)).rejects.toThrow('nobody can flood br1');
});
