import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = { from: 'peer1', segment: 'ixp', listeners: ['lg'] };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/no-systems-on-transit')), 600_000);
afterAll(async () => lab?.close());

test('a host on the segment is found in both families, and overhears both', async () => {
  const { attempts } = await lab.observe('scan-segment', params);
  expect(attempts.map(({ role, family, sent, succeeded }) => [role, family, sent, succeeded])).toEqual([
    ['try', 'v4', true, true],
    ['try', 'v4', true, true],
    ['canary', 'v4', true, true],
    ['try', 'v6', true, true],
    ['try', 'v6', true, true],
    ['canary', 'v6', true, true],
  ]);
  expect(attempts[0]?.seen).toContain('100.64.50.66');
});

test('a host that answers to nobody still hears', async () => {
  await lab.run(
    'lg',
    'echo 1 >/proc/sys/net/ipv6/conf/eth1/disable_ipv6; ip addr flush dev eth1; ip link set eth1 arp off',
  );
  const { attempts } = await lab.observe('scan-segment', params);
  const overheard = attempts.filter((it) => it.label.startsWith('lg overhears'));
  expect(overheard.map(({ succeeded }) => succeeded)).toEqual([true, true]);
  expect(attempts.filter((it) => it.label.startsWith('somebody')).map(({ succeeded }) => succeeded)).toEqual([
    false,
    false,
  ]);
});

test('only routers are on the segment of the baseline', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('scan-segment', params);
  expect(attempts.every((it) => it.sent && it.succeeded === (it.role === 'canary'))).toBe(true);
});

test('a router that is in the neighbour table, and so is not asked by ARP, is heard to be there', async () => {
  await lab.run(
    'peer1',
    'ping -c 1 100.64.50.1; link=$(ip -json neigh show 100.64.50.1 | jq -r ".[0].lladdr"); ip neigh replace 100.64.50.1 lladdr "$link" dev ixp0 nud permanent',
  );
  const { attempts } = await lab.observe('scan-segment', params);
  expect(await lab.run('peer1', 'ip neigh show 100.64.50.1')).toContain('PERMANENT');
  await lab.run('peer1', 'ip neigh del 100.64.50.1 dev ixp0');
  expect(attempts.filter((it) => it.role === 'canary').map(({ succeeded }) => succeeded)).toEqual([true, true]);
});

test('a router that answers ARP for somebody else, and takes its time, lets him in', async () => {
  await lab.run(
    'br1',
    'ip route add 100.64.50.66/32 via 10.0.0.2; sysctl -q net.ipv4.conf.ixp0.proxy_arp=1 net.ipv4.neigh.ixp0.proxy_delay=90',
  );
  const { attempts } = await lab.observe('scan-segment', params);
  await lab.run('br1', 'sysctl -q net.ipv4.conf.ixp0.proxy_arp=0; ip route del 100.64.50.66/32');
  expect(attempts[0]?.seen).toContain('100.64.50.66');
});

test('where the router is not there nothing is proved', async () => {
  await lab.run('br1', 'ip link set ixp0 down');
  const { attempts } = await lab.observe('scan-segment', params);
  await lab.run('br1', 'ip link set ixp0 up');
  expect(attempts.filter((it) => it.role === 'canary').map(({ succeeded }) => succeeded)).toEqual([false, false]);
});
