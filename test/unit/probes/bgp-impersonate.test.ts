import { expect, test } from 'vitest';

import { parseReached, parseRoutesOfNeighbour } from '#core/probes/bgp-impersonate.ts';

test('routes of a neighbour are the prefixes of the table', () => {
  const text = `{ "vrfId": 0, "routes": { "2001:db8:503::/48": [{"valid":true,"bestpath":true}] }  }`;
  expect(parseRoutesOfNeighbour(text)).toEqual(['2001:db8:503::/48']);
});

test.each(['{ "routes": {  }  }', '% No such neighbor or address family\n', ''])(
  'a neighbour without routes has none: %j',
  (text) => {
    expect(parseRoutesOfNeighbour(text)).toEqual([]);
  },
);

test('an address is reached when it has told its link address', () => {
  const text = `[
    {"dst":"100.64.50.1","dev":"eth1","lladdr":"9a:02:00:00:00:01","state":["REACHABLE"]},
    {"dst":"2001:db8:1900::1","dev":"eth1","state":["FAILED"]}
  ]`;
  expect(parseReached(text)).toEqual(['100.64.50.1']);
});
