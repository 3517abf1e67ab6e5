import { expect, test } from 'vitest';

import { planFlood } from '#core/probes/bgp-flood.ts';

import { referencePlan } from './reference-plan.ts';

test('a flood is divided by family, over the sessions of the plan', () => {
  const flood = [
    { within: '198.51.100.0/24', length: 32, count: 200 },
    { within: '2001:db8:8000::/33', length: 48, count: 3000 },
  ];
  const streams = planFlood({ from: 'transit', to: 'br1', flood }, referencePlan());
  expect(streams.map(({ family, remote, prefixes }) => [family, remote, prefixes.length])).toEqual([
    ['v4', '100.64.0.1', 200],
    ['v6', '2001:db8:500:f::1', 3000],
  ]);
  expect(planFlood({ from: 'transit', to: 'br1', flood: flood.slice(1) }, referencePlan())).toHaveLength(1);
});
