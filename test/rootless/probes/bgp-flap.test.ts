import { afterAll, beforeAll, expect, test } from 'vitest';

import { pollUntil } from '#core/probes/capture.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const storm = { from: 'peer1', to: 'br1', heard: ['p1'], times: 15, most: 26, withinMs: 1000 };
const inside = { from: 'pe1', interfaces: ['to_cea'], to: 'br1', heard: ['transit'], times: 2 };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('routing/flap-dampening')), 600_000);
afterAll(async () => lab?.close());

const summary = (attempts: readonly { role: string; sent: boolean; succeeded: boolean }[]): string[] =>
  attempts.map(({ role, sent, succeeded }) => `${role} ${sent} ${succeeded}`);

test('without dampening every flap is heard behind the border, and without aggregates outside', async () => {
  const { attempts } = await lab.observe('bgp-flap', storm);
  expect(summary(attempts.filter((it) => it.role === 'try'))).toEqual(['try true true', 'try true true']);
  const flapped = await lab.observe('bgp-flap', inside);
  expect(summary(flapped.attempts.filter((it) => it.role === 'try'))).toEqual(['try true true', 'try true true']);
});

test('with both nobody hears of it, and the listeners are heard to be there', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('bgp-flap', storm);
  expect(summary(attempts)).toEqual([
    'try true false',
    'canary true true',
    'canary true true',
    'try true false',
    'canary true true',
    'canary true true',
  ]);
  const flapped = await lab.observe('bgp-flap', inside);
  expect(summary(flapped.attempts)).toEqual([
    'try true false',
    'canary true true',
    'try true false',
    'canary true true',
  ]);
});

test('the router has forgotten the storm when it is over', async () => {
  const says =
    'vtysh -c "show bgp ipv4 unicast dampening flap-statistics" -c "show bgp ipv6 unicast dampening flap-statistics"';
  expect(await lab.run('br1', says)).not.toMatch(/203\.0\.113|2001:db8:501/);
  const { attempts } = await lab.observe('bgp-flap', { ...storm, times: 3, withinMs: 3000 }, { kind: 'service' });
  expect(attempts.every((it) => it.succeeded)).toBe(true);
});

test('a neighbour that gathers for a second is given the time to send each change', async () => {
  const gather = (no: string): Promise<string> =>
    lab.run('peer1', `vtysh -c 'conf t' -c 'router bgp 64501' -c '${no}neighbor 100.64.50.1 advertisement-interval 1'`);
  await gather('');
  const { attempts } = await lab.observe('bgp-flap', storm);
  await gather('no ');
  expect(attempts.filter((it) => it.role === 'try').map(({ family, sent }) => [family, sent])).toEqual([
    ['v4', true],
    ['v6', true],
  ]);
});

test('a session that is shut is no evidence', async () => {
  const shut = (no: string): Promise<string> =>
    lab.run('br1', `vtysh -c 'conf t' -c 'router bgp 64496' -c '${no}neighbor 100.64.50.2 shutdown'`);
  await shut('');
  const { attempts } = await lab.observe('bgp-flap', { ...storm, times: 1 });
  await shut('no ');
  expect(attempts.filter((it) => it.role === 'try').map(({ family, sent }) => [family, sent])).toEqual([
    ['v4', false],
    ['v6', true],
  ]);
});

test('a cancelled storm leaves the prefixes announced', async () => {
  const controller = new AbortController();
  const outcome = lab.observe('bgp-flap', storm, { signal: controller.signal }).then(
    () => 'ended',
    () => 'cancelled',
  );
  const config = (): Promise<string> => lab.run('peer1', 'vtysh -c "show running-config"');
  expect(await pollUntil(async () => !(await config()).includes('network 203.0.113.0/24'), 8000)).toBe(true);
  controller.abort();
  expect(await outcome).toBe('cancelled');
  expect(await config()).toContain('network 203.0.113.0/24');
});
