import { expect, test } from 'vitest';

import { addressPair } from '#core/probes/address-pair.ts';
import { segmentsOf, sumOfCounters } from '#core/probes/bgp-reset.ts';

const session = { local: '100.64.50.1', remote: '100.64.50.2' };
const frame = (source: string, destination: string): Buffer =>
  Buffer.concat([Buffer.alloc(26), addressPair(source, destination), Buffer.alloc(20)]);

test('segments count for their session, in both directions', () => {
  const frames = [
    frame('100.64.50.1', '100.64.50.2'),
    frame('100.64.50.2', '100.64.50.1'),
    frame('100.64.50.2', '100.64.50.3'),
    frame('2001:db8:1900::1', '2001:db8:1900::2'),
  ];
  expect(segmentsOf(frames, session)).toBe(2);
  expect(segmentsOf(frames, { local: '2001:db8:1900::2', remote: '2001:db8:1900::1' })).toBe(1);
});

test('counters of nstat are added up', () => {
  const text =
    '#kernel\nTcpExtTCPMD5NotFound            3                  0.0\nTcpExtTCPMD5Failure             2                  0.0\n';
  expect(sumOfCounters(text)).toBe(5);
});
