import { describe, expect, test } from 'vitest';

import { readSighting } from '#core/probes/watch.ts';

/** The cooked head that tcpdump writes on all interfaces: protocol, index, kind of hardware, whom it was for. */
function cooked(protocol: number, packetType: number, packet: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(protocol, 0);
  head[10] = packetType;
  return Buffer.concat([head, packet]);
}

function ipv4(ttl: number, fragment = 0): Buffer {
  const head = Buffer.from('4500001d4d2a0000ff110000c0000282c633640a', 'hex');
  head.writeUInt16BE(fragment, 6);
  head[8] = ttl;
  return Buffer.concat([head, Buffer.from('0035000900090000', 'hex'), Buffer.from('x')]);
}

const ipv6 = Buffer.from(
  '6000000000080640' +
    '20010db8000b00000000000000000001' +
    '20010db8050000010000000000000010' +
    'c00000190000000000000000',
  'hex',
);

describe('a frame', () => {
  test('of IPv4 tells addresses and the port it goes to', () => {
    expect(readSighting('pe1', { at: 5, bytes: cooked(0x0800, 0, ipv4(64)) })).toMatchObject({
      node: 'pe1',
      at: 5,
      source: '192.0.2.130',
      destination: '198.51.100.10',
      port: 9,
    });
  });

  test('of IPv6 tells addresses in the one spelling, and the port', () => {
    expect(readSighting('pe1', { at: 5, bytes: cooked(0x86dd, 4, ipv6) })).toMatchObject({
      source: '2001:db8:b::1',
      destination: '2001:db8:500:1::10',
      port: 25,
    });
  });

  test('has the same mark on every hop, though its time to live goes down', () => {
    const [near, far] = [64, 60].map((ttl) => readSighting('p1', { at: 5, bytes: cooked(0x0800, 0, ipv4(ttl)) })?.mark);
    expect(near).toBe(far);
  });

  test('that is a later fragment has no port', () => {
    expect(readSighting('p1', { at: 5, bytes: cooked(0x0800, 0, ipv4(64, 185)) })).not.toHaveProperty('port');
  });

  test('for another host, of another protocol, or cut short is not seen', () => {
    expect(readSighting('p1', { at: 5, bytes: cooked(0x0800, 3, ipv4(64)) })).toBeUndefined();
    expect(readSighting('p1', { at: 5, bytes: cooked(0x86dd, 0, ipv6.subarray(0, 30)) })).toBeUndefined();
    expect(readSighting('p1', { at: 5, bytes: Buffer.alloc(12) })).toBeUndefined();
  });
});
