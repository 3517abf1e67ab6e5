import { expect, test } from 'vitest';

import { sumOfCounters } from '#core/probes/bgp-reset.ts';

test('counters of nstat are added up', () => {
  const text =
    '#kernel\nTcpExtTCPMD5NotFound            3                  0.0\nTcpExtTCPMD5Failure             2                  0.0\n';
  expect(sumOfCounters(text)).toBe(5);
});
