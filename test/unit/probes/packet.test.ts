import { describe, expect, test } from 'vitest';

import { protocols, readCooked, readPacket } from '#core/probes/packet.ts';

import { cooked, ip, tcp, udp } from './packets.ts';

describe('an IP packet', () => {
  test.each([
    ['192.0.2.130', '198.51.100.10'],
    ['2001:db8:b::1', '2001:db8:500:1::10'],
  ])('from %s tells addresses, protocol and ports', (source, destination) => {
    expect(readPacket(ip(source, destination, protocols.udp, udp(4000, 53)))).toMatchObject({
      source,
      destination,
      protocol: 17,
      sourcePort: 4000,
      port: 53,
    });
  });

  test('has its ports behind options of IPv4', () => {
    const packet = ip('192.0.2.1', '192.0.2.2', protocols.tcp, Buffer.concat([Buffer.alloc(4), tcp(1, 25, 2)]));
    packet[0] = 0x46;
    expect(readPacket(packet)?.port).toBe(25);
  });

  test('has its ports behind extension headers of IPv6', () => {
    const options = Buffer.from([protocols.udp, 0, 1, 4, 0, 0, 0, 0]);
    const packet = ip('2001:db8::1', '2001:db8::2', 60, Buffer.concat([options, udp(7, 9)]));
    expect(readPacket(packet)).toMatchObject({ protocol: 17, sourcePort: 7, port: 9 });
  });

  test.each(['192.0.2.1', '2001:db8::1'])('from %s that is a later fragment has a protocol and no ports', (source) => {
    const destination = source.includes(':') ? '2001:db8::2' : '192.0.2.2';
    const packet = readPacket(ip(source, destination, protocols.udp, udp(7, 9), 185));
    expect(packet).toMatchObject({ protocol: 17, fragmentOffset: 185 });
    expect(packet).not.toHaveProperty('port');
  });

  test('that is cut short, or none, is not read', () => {
    const packet = ip('2001:db8::1', '2001:db8::2', protocols.udp, udp(7, 9));
    expect(readPacket(packet.subarray(0, 30))).toBeUndefined();
    expect(readPacket(Buffer.alloc(0))).toBeUndefined();
  });
});

test('a cooked frame says whether its packet came, went or was overheard', () => {
  const packet = ip('192.0.2.1', '192.0.2.2', protocols.udp, udp(7, 9));
  const directions = ['in', 'out', 'elsewhere'] as const;
  expect(directions.map((it) => readCooked(cooked(it, packet))?.direction)).toEqual(directions);
  expect(readCooked(Buffer.alloc(30))).toBeUndefined();
});
