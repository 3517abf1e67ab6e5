import { expect, test } from 'vitest';

import { commandsOf, flappingPrefixes, hasRead } from '#core/probes/bgp-flap.ts';
import type { SessionState } from '#core/probes/bgp/sessions.ts';
import { probes } from '#core/probes/registry.ts';

import { referencePlan } from './reference-plan.ts';

const plan = referencePlan();
const paramsOf = (params: object): Parameters<typeof flappingPrefixes>[0] =>
  probes.get('bgp-flap')?.params.parse({ to: 'br1', heard: ['p1'], ...params }) as never;

test('what flaps is what the plan has behind it', () => {
  expect(flappingPrefixes(paramsOf({ from: 'peer1' }), plan)).toEqual(['203.0.113.0/24', '2001:db8:501::/48']);
  expect(flappingPrefixes(paramsOf({ from: 'pe1', interfaces: ['to_cea'] }), plan)).toEqual([
    '192.0.2.128/27',
    '2001:db8:a::/48',
  ]);
});

test('a neighbour withdraws all of it at once, and undoes it by announcing', () => {
  const { go, come, undo } = commandsOf({ from: 'peer1' }, ['203.0.113.0/24', '2001:db8:501::/48'], plan);
  expect(go.match(/'no network /g)).toHaveLength(2);
  expect(come).toContain("-c 'router bgp 64501' -c 'address-family ipv4 unicast' -c 'network 203.0.113.0/24'");
  expect(undo).toBe(come);
});

test('a link comes back with its addresses', () => {
  const { prepare, go, undo } = commandsOf({ from: 'pe1', interfaces: ['to_cea'] }, [], plan);
  expect(prepare).toContain('echo 1 >/proc/sys/net/ipv6/conf/to_cea/keep_addr_on_down');
  expect(go).toBe('ip link set to_cea down');
  expect(undo).toMatch(/^ip link set to_cea up; echo 0 /);
});

test('a change is read when every session that is open has brought an UPDATE for it', () => {
  const v4 = { family: 'v4', local: '100.64.50.1', remote: '100.64.50.2' } as const;
  const v6 = { family: 'v6', local: '2001:db8:f:50::1', remote: '2001:db8:f:50::2' } as const;
  const sessions = (read4: number, read6: number, state6 = 'Established'): ReadonlyMap<string, SessionState> =>
    new Map([
      [v4.remote, { state: 'Established', updatesReceived: read4 } as SessionState],
      [v6.remote, { state: state6, updatesReceived: read6 } as SessionState],
    ]);
  const before = sessions(7, 9);
  expect(hasRead(2, [v4, v6], before, sessions(9, 10))).toBe(false);
  expect(hasRead(2, [v4, v6], before, sessions(9, 11))).toBe(true);
  expect(hasRead(2, [v4], before, sessions(9, 10))).toBe(true);
  expect(hasRead(2, [v4, v6], before, sessions(9, 10, 'Idle'))).toBe(true);
});
