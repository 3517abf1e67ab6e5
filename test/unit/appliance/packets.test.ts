import { expect, test } from 'vitest';

import { parsePackets } from '#core/appliance/packets.ts';

test('lines of tcpdump become rows', () => {
  const rows = parsePackets(
    [
      '1795619067.512856 da:6f:3f:cc:0b:ed > 62:da:f8:f1:33:32, ethertype IPv4 (0x0800), length 42: 100.64.1.6.46594 > 100.64.1.5.9: UDP, length 0',
      '1795619067.514000 62:da:f8:f1:33:32 > da:6f:3f:cc:0b:ed, ethertype IPv6 (0x86dd), length 130: 2001:db8:500:1::10 > 2001:db8:b::1: ICMP6, destination unreachable, unreachable port, 2001:db8:500:1::10 udp port 9, length 76',
      '1795619067.520000 ifb0  In  ifindex 2 1e:d0:c0:73:bc:43 ethertype IPv4 (0x0800), length 95: 198.51.100.10.53 > 192.0.2.3.4242: 7+ A? www.isp.example. (33)',
      '1795619067.521000 62:da:f8:f1:33:32 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 192.0.2.33 tell 192.0.2.34, length 28',
      '1795619067.600000 da:6f:3f:cc:0b:ed > 62:da:f8:f1:33:32, ethertype IPv4 (0x0800), length 74: 192.0.2.9.1 > 192.0.2.25.25: Flags [S], seq 1, win 64240, length 0',
      '\t0x0000:  a line that goes on',
    ].join('\n'),
  );
  expect(
    rows.map(({ number, atMs, source, destination, protocol, length }) => [
      number,
      atMs,
      source,
      destination,
      protocol,
      length,
    ]),
  ).toEqual([
    [1, 0, '100.64.1.6.46594', '100.64.1.5.9', 'UDP', 42],
    [2, 1.144, '2001:db8:500:1::10', '2001:db8:b::1', 'ICMP6', 130],
    [3, 7.144, '198.51.100.10.53', '192.0.2.3.4242', 'DNS', 95],
    [4, 8.144, '62:da:f8:f1:33:32', 'ff:ff:ff:ff:ff:ff', 'ARP', 42],
    [5, 87.144, '192.0.2.9.1', '192.0.2.25.25', 'TCP', 74],
  ]);
  expect(rows[3]?.info).toBe('Request who-has 192.0.2.33 tell 192.0.2.34, length 28');
  expect(parsePackets('reading from file x.pcap, link-type EN10MB (Ethernet)\n')).toEqual([]);
});
