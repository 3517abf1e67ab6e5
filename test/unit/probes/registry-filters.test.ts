import { expect, test } from 'vitest';

import { prefixesOf, readFilter } from '#core/probes/registry-filters.ts';

import { referencePlan } from './reference-plan.ts';

test('a customer announces his own prefixes and those that his provider gave him', () => {
  expect(prefixesOf(referencePlan(), 64_510).toSorted()).toEqual([
    '192.0.2.160/27',
    '2001:db8:510::/48',
    '2001:db8:b::/48',
  ]);
});

test('a filter of bgpq4 is a list of prefixes', () => {
  expect(readFilter(String.raw`{ "filter": [ { "prefix": "2001:db8:b::\/48", "exact": true } ] }`)).toEqual([
    '2001:db8:b::/48',
  ]);
});
