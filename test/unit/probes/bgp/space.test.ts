import { expect, test } from 'vitest';

import { prefixesWithin } from '#core/probes/bgp/space.ts';

test('prefixes follow each other from the start of the space, as many as there are', () => {
  expect(prefixesWithin('203.0.113.0/24', 30, 3)).toEqual(['203.0.113.0/30', '203.0.113.4/30', '203.0.113.8/30']);
  expect(prefixesWithin('203.0.113.0/24', 25, 100)).toEqual(['203.0.113.0/25', '203.0.113.128/25']);
  expect(prefixesWithin('2001:db8:8000::/33', 48, 2)).toEqual(['2001:db8:8000::/48', '2001:db8:8001::/48']);
});
