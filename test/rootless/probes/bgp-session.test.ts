import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = { node: 'br1', neighbour: 'peer1', withinMs: 4000 };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/bgp-authentication')), 600_000);
afterAll(async () => lab?.close());

test('sessions and routes of both families are seen', async () => {
  const { attempts } = await lab.observe('bgp-session', params, { kind: 'service' });
  expect(attempts.map(({ label, family, succeeded }) => ({ label, family, succeeded }))).toEqual([
    { label: 'BGP session with 100.64.50.2', family: 'v4', succeeded: true },
    { label: 'BGP session with 2001:db8:1900::2', family: 'v6', succeeded: true },
    { label: 'route to 203.0.113.0/24', family: 'v4', succeeded: true },
    { label: 'route to 2001:db8:501::/48', family: 'v6', succeeded: true },
  ]);
});

test('a session that is down takes its route with it, in its family alone', async () => {
  const neighbour = (command: string): Promise<string> =>
    lab.run('peer1', `vtysh -c 'configure terminal' -c 'router bgp 64501' -c '${command}'`);
  await neighbour('neighbor 2001:db8:1900::1 shutdown');
  const { attempts } = await lab.observe('bgp-session', { ...params, withinMs: 500 }, { kind: 'service' });
  expect(attempts.map(({ succeeded }) => succeeded)).toEqual([true, false, true, false]);

  await neighbour('no neighbor 2001:db8:1900::1 shutdown');
  const again = await lab.observe('bgp-session', params, { kind: 'service' });
  expect(again.attempts.every((it) => it.succeeded)).toBe(true);
});
