import { expect, test } from 'vitest';

import { isLabSpace } from '#core/model/ip.ts';
import { planFlood } from '#core/probes/bgp-flood.ts';

import { draws } from './draws.ts';
import { referencePlan } from './reference-plan.ts';

const parties = { from: 'transit', to: 'br1' };

test('a flood is divided by family, over the sessions of the plan', () => {
  const flood = [
    { within: '198.51.100.0/24', length: 32, count: 200 },
    { within: '2001:db8:8000::/33', length: 48, count: 3000 },
  ];
  const streams = planFlood(flood, parties, referencePlan(), draws());
  expect(streams.map(({ family, remote, prefixes }) => [family, remote, prefixes.length])).toEqual([
    ['v4', '100.64.0.1', 200],
    ['v6', '2001:db8:500:f::1', 3000],
  ]);
  expect(planFlood(flood.slice(1), parties, referencePlan(), draws())).toHaveLength(1);
});

test('a flood comes from what the neighbour registered, but for its own prefix, or from somewhere in the Internet', () => {
  const of = (within: string, length: number, count: number): string[] =>
    planFlood([{ within: within as 'own4', length, count }], parties, referencePlan(), draws()).flatMap((it) => [
      ...it.prefixes,
    ]);
  expect(of('own4', 32, 200)).toHaveLength(128);
  expect(of('own4', 32, 2)).toEqual(['198.51.100.128/32', '198.51.100.129/32']);
  expect(of('internet4', 24, 1000)).toHaveLength(1000);
  expect(of('internet4', 24, 1000).some(isLabSpace)).toBe(false);
  expect(of('internet6', 48, 1000).every(isLabSpace)).toBe(true);
});
