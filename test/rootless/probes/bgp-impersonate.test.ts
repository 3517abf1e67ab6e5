import { afterAll, beforeAll, expect, test } from 'vitest';

import { pollUntil } from '#core/probes/capture.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = { attacker: 'lg', interface: 'eth1', victim: 'br1', as: 'peer2' };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/bgp-authentication')), 600_000);
afterAll(async () => lab?.close());

const interfaceOfLg = (): Promise<string> => lab.run('lg', 'ip -br addr show dev eth1');

test('an unsigned session is taken by whoever has the address, with its prefixes', async () => {
  const before = await interfaceOfLg();
  const filter = await lab.run('lg', 'nft -s list ruleset');
  const { attempts } = await lab.observe('bgp-impersonate', params);
  expect(await lab.run('lg', 'nft -s list ruleset')).toBe(filter);
  expect(attempts.map(({ role, family, sent, succeeded }) => ({ role, family, sent, succeeded }))).toEqual([
    { role: 'try', family: 'v4', sent: true, succeeded: true },
    { role: 'canary', family: 'v4', sent: true, succeeded: true },
    { role: 'try', family: 'v6', sent: true, succeeded: true },
    { role: 'canary', family: 'v6', sent: true, succeeded: true },
  ]);
  expect(attempts.map((it) => it.seen).join('\n')).toContain('took 2001:db8:503::/48');
  expect(await interfaceOfLg()).toBe(before);
  expect(await lab.run('br1', 'vtysh -c "show bgp ipv6 unicast 2001:db8:503::/48"')).not.toContain('64503');
});

test('a signed session is not', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('bgp-impersonate', params);
  expect(
    attempts.filter((it) => it.role === 'try').map(({ sent, succeeded, proof }) => ({ sent, succeeded, proof })),
  ).toEqual([
    { sent: true, succeeded: false, proof: 'counted' },
    { sent: true, succeeded: false, proof: 'counted' },
  ]);
  expect(attempts.filter((it) => it.role === 'canary').every((it) => it.succeeded)).toBe(true);
});

test('who lets nobody in and calls by itself is taken all the same', async () => {
  await lab.become('start');
  const rule = (family: string, address: string): string =>
    `add rule inet t c ${family} saddr ${address} tcp dport 179 drop`;
  await lab.run(
    'br1',
    `nft 'add table inet t; add chain inet t c { type filter hook prerouting priority -400 ; }; ${rule('ip', '100.64.50.3')}; ${rule('ip6', '2001:db8:1900::3')}'`,
  );
  const { attempts } = await lab.observe('bgp-impersonate', params);
  await lab.run('br1', 'nft delete table inet t');
  expect(attempts.filter((it) => it.role === 'try').map((it) => it.succeeded)).toEqual([true, true]);
});

test('a cancelled attack leaves neither address nor link behind', async () => {
  const before = await interfaceOfLg();
  const controller = new AbortController();
  const attack = lab.observe('bgp-impersonate', { ...params, waitMs: 10_000 }, { signal: controller.signal });
  const outcome = attack.then(
    () => 'ended',
    () => 'cancelled',
  );
  expect(await pollUntil(async () => (await interfaceOfLg()).includes('100.64.50.3'), 5000)).toBe(true);
  controller.abort();
  expect(await outcome).toBe('cancelled');
  expect(await interfaceOfLg()).toBe(before);
});
