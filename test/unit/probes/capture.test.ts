import { expect, test } from 'vitest';

import { lostPackets } from '#core/probes/capture.ts';

test('packets that tcpdump did not take are counted by what it says at its end', () => {
  const said = (dropped: number): string =>
    `tcpdump: listening on any, link-type LINUX_SLL2\n9 packets captured\n12 packets received by filter\n${dropped} packets dropped by kernel\n`;
  expect(lostPackets(said(0))).toBe(0);
  expect(lostPackets(`${said(3)}1 packet dropped by interface\n`)).toBe(4);
  expect(lostPackets('')).toBe(0);
});
