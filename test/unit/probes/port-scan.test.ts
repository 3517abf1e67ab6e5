import { expect, test } from 'vitest';

import { readListeners, readScan } from '#core/probes/port-scan.ts';

test('listeners are read from ss, and what only the machine itself reaches is left out', () => {
  const text = `udp   UNCONN 0      0            0.0.0.0:53         0.0.0.0:*
udp   UNCONN 0      0          127.0.0.1:323        0.0.0.0:*
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      10     [fe80::1]%eth0:53            [::]:*
tcp   LISTEN 0      5              [::1]:953           [::]:*
tcp   LISTEN 0      100             [::]:25            [::]:*
tcp   LISTEN 0      100                *:2605             *:*
`;
  expect(readListeners(text)).toEqual({ tcp: [22, 53, 25, 2605], udp: [53] });
});

test('a scan counts what is open for certain, and the packets that left', () => {
  const xml = `<nmaprun><host><status state="up"/><address addr="192.0.2.2" addrtype="ipv4"/>
<address addr="AA:BB:CC:00:00:01" addrtype="mac"/><ports><extraports state="filtered" count="50"></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="61"/></port>
<port protocol="tcp" portid="23"><state state="filtered" reason="no-response" reason_ttl="0"/></port>
<port protocol="udp" portid="53"><state state="open" reason="udp-response" reason_ttl="61"/></port>
<port protocol="udp" portid="19"><state state="open|filtered" reason="no-response" reason_ttl="0"/></port>
</ports></host><host><status state="up"/><address addr="2001:db8:0:1:0:0:0:4" addrtype="ipv6"/><ports></ports></host></nmaprun>`;
  const { hosts, sent } = readScan(xml, '           Raw packets sent: 130 (6.012KB) | Rcvd: 12 (536B)\n');
  expect(sent).toBe(130);
  expect([...hosts]).toEqual([
    ['192.0.2.2', { open: { tcp: [22], udp: [53] } }],
    ['2001:db8:0:1::4', { open: { tcp: [], udp: [] } }],
  ]);
});

test('a scan that could not send says so', () => {
  expect(readScan('', 'sendto: Operation not permitted').sent).toBe(0);
});
