import { expect, test } from 'vitest';

import { parseKernelRoutes } from '#core/probes/bgp-session.ts';

test('routes are read with all their gateways', () => {
  const text = `[
    {"dst":"192.0.2.160/27","nhid":29,"gateway":"100.64.1.6","dev":"to_ceb","metric":20,"flags":[]},
    {"dst":"default","nexthops":[{"gateway":"10.0.0.5","dev":"a"},{"gateway":"10.0.0.9","dev":"b"}],"flags":[]},
    {"type":"blackhole","dst":"203.0.113.0/24","dev":"lo","flags":[]}
  ]`;
  expect(parseKernelRoutes(text, 'v4')).toEqual([
    { prefix: '192.0.2.160/27', gateways: ['100.64.1.6'] },
    { prefix: '0.0.0.0/0', gateways: ['10.0.0.5', '10.0.0.9'] },
    { prefix: '203.0.113.0/24', gateways: [] },
  ]);
});

test('a route to one host has its length again', () => {
  expect(parseKernelRoutes('[{"dst":"203.0.113.1","gateway":"100.64.50.2"}]', 'v4')).toEqual([
    { prefix: '203.0.113.1/32', gateways: ['100.64.50.2'] },
  ]);
  expect(parseKernelRoutes('[{"dst":"2001:db8::1","gateway":"fe80::1"}]', 'v6')[0]?.prefix).toBe('2001:db8::1/128');
});

test('no output is no route', () => {
  expect(parseKernelRoutes('', 'v6')).toEqual([]);
});
