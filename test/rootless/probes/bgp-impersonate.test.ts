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
  const { attempts } = await lab.observe('bgp-impersonate', params);
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
  expect(attempts.filter((it) => it.role === 'try').map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: false },
    { sent: true, succeeded: false },
  ]);
  expect(attempts.filter((it) => it.role === 'canary').every((it) => it.succeeded)).toBe(true);
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
