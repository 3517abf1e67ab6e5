import { afterAll, beforeAll, expect, test } from 'vitest';

import { pollUntil } from '#core/probes/capture.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = {
  from: 'peer1',
  to: 'br1',
  announce: [{ label: 'private', prefixes: ['10.1.2.0/24', 'fd00:9::/48'] }],
};
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/filter-bogus')), 600_000);
afterAll(async () => lab?.close());

const configOfPeer = (): Promise<string> => lab.run('peer1', 'vtysh -c "show running-config"');

test('a router without a policy takes what is announced, and forgets it afterwards', async () => {
  const before = await configOfPeer();
  const { attempts } = await lab.observe('bgp-announce', params);
  expect(attempts.map(({ role, family, sent, succeeded }) => ({ role, family, sent, succeeded }))).toEqual([
    { role: 'try', family: 'v4', sent: true, succeeded: true },
    { role: 'try', family: 'v6', sent: true, succeeded: true },
    { role: 'canary', family: 'v4', sent: true, succeeded: true },
    { role: 'canary', family: 'v6', sent: true, succeeded: true },
  ]);
  expect(await configOfPeer()).toBe(before);
  expect(await lab.run('br1', 'vtysh -c "show bgp ipv4 unicast neighbors 100.64.50.2 routes"')).not.toContain(
    '*> 10.1.2.0/24',
  );
});

test('a path goes behind the AS of the neighbour, past its own filters, and is gone afterwards', async () => {
  const before = await configOfPeer();
  const leak = { label: 'leaked', prefixes: ['198.51.100.0/24', '2001:db8:500::/48'], path: [64500] };
  const { attempts, evidence } = await lab.observe('bgp-announce', { ...params, announce: [leak], effect: 'used' });
  expect(attempts.filter((it) => it.role === 'try').map(({ sent, succeeded }) => [sent, succeeded])).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(evidence[0]?.excerpt).toMatch(/198\.51\.100\.0\/24 .*64501 64500 i/);
  expect(await configOfPeer()).toBe(before);
});

test('what the neighbour itself holds back is not evidence', async () => {
  const filter = (no: string): Promise<string> =>
    lab.run(
      'peer1',
      `vtysh -c 'configure terminal' -c '${no}ip prefix-list MINE permit 203.0.113.0/24' -c 'router bgp 64501' ` +
        `-c 'address-family ipv4 unicast' -c '${no}neighbor 100.64.50.1 prefix-list MINE out'`,
    );
  await filter('');
  const { attempts } = await lab.observe('bgp-announce', params);
  await filter('no ');
  expect(attempts.filter((it) => it.role === 'try').map(({ family, sent }) => ({ family, sent }))).toEqual([
    { family: 'v4', sent: false },
    { family: 'v6', sent: true },
  ]);
});

test('a router with a policy refuses it, while what is right stays', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('bgp-announce', params);
  expect(attempts.map(({ role, sent, succeeded }) => ({ role, sent, succeeded }))).toEqual([
    { role: 'try', sent: true, succeeded: false },
    { role: 'try', sent: true, succeeded: false },
    { role: 'canary', sent: true, succeeded: true },
    { role: 'canary', sent: true, succeeded: true },
  ]);
});

test('a cancelled attack is withdrawn', async () => {
  const before = await configOfPeer();
  const controller = new AbortController();
  const outcome = lab.observe('bgp-announce', params, { signal: controller.signal }).then(
    () => 'ended',
    () => 'cancelled',
  );
  expect(await pollUntil(async () => (await configOfPeer()).includes('network 10.1.2.0/24'), 5000)).toBe(true);
  controller.abort();
  await outcome;
  expect(await configOfPeer()).toBe(before);
});
