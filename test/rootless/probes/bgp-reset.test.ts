import { afterAll, beforeAll, expect, test } from 'vitest';

import { pollUntil } from '#core/probes/capture.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = { attacker: 'lg', interface: 'eth1', victim: 'br1', neighbour: 'peer1' };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/bgp-authentication')), 600_000);
afterAll(async () => lab?.close());

test('forged segments end unsigned sessions in both families, which come back', async () => {
  const { attempts, evidence } = await lab.observe('bgp-reset', params);
  expect(attempts.map(({ family, sent, succeeded }) => ({ family, sent, succeeded }))).toEqual([
    { family: 'v4', sent: true, succeeded: true },
    { family: 'v6', sent: true, succeeded: true },
  ]);
  expect(evidence[0]?.excerpt).toContain('Flags [R]');
  expect(await lab.run('br1', 'vtysh -c "show bgp summary json"')).toMatch(/"state":"Established"/);
  expect(await lab.run('lg', 'cat /sys/class/net/eth1/operstate')).toBe('down\n');
});

test('forged segments leave signed sessions as they are, and the kernel counts them', async () => {
  await lab.become('baseline');
  const { attempts, evidence } = await lab.observe('bgp-reset', params);
  expect(attempts.map(({ family, sent, succeeded }) => ({ family, sent, succeeded }))).toEqual([
    { family: 'v4', sent: true, succeeded: false },
    { family: 'v6', sent: true, succeeded: false },
  ]);
  expect(evidence[1]?.excerpt).toMatch(/refused .* by br1: 0 → 8\n.* by peer1: 0 → 8$/);
  expect(attempts.map((it) => it.proof)).toEqual(['counted', 'counted']);
});

test('whoever drops resets still believes a forged notification', async () => {
  await lab.become('start');
  for (const node of ['br1', 'peer1'])
    await lab.run(
      node,
      `nft 'add table inet t; add chain inet t c { type filter hook prerouting priority -400 ; }; add rule inet t c tcp flags rst tcp sport 179 drop; add rule inet t c tcp flags rst tcp dport 179 drop'`,
    );
  const { attempts } = await lab.observe('bgp-reset', params);
  for (const node of ['br1', 'peer1']) await lab.run(node, 'nft delete table inet t');
  expect(attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
});

test('where no session is Established there is nothing to attack, which is an error and no success', async () => {
  await lab.run('peer1', 'service frr stop');
  const sessions = (): Promise<string> =>
    lab.run('br1', "ss -Htn state established '( sport = :179 or dport = :179 )'");
  expect(await pollUntil(async () => (await sessions()) === '', 10_000)).toBe(true);
  await expect(lab.observe('bgp-reset', params)).rejects.toThrow('there is nothing to reset');
  await lab.run('peer1', 'service frr start');
});
