import { expect, test } from 'vitest';

import { readAnnouncements, readUpdates } from '#core/probes/bgp/updates.ts';

/** Ethernet, IPv4 with the addresses, TCP without options. */
function frame(source: number[], destination: number[], sequence: number, payload: Buffer): Buffer {
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(40 + payload.length, 2);
  Buffer.from([...source, ...destination]).copy(ip, 12);
  const tcp = Buffer.alloc(20);
  tcp.writeUInt32BE(sequence, 4);
  tcp.writeUInt8(0x50, 12);
  return Buffer.concat([Buffer.alloc(14), ip, tcp, payload]);
}

function message(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(19, 0xff);
  head.writeUInt16BE(19 + body.length, 16);
  head.writeUInt8(type, 18);
  return Buffer.concat([head, body]);
}

const [peer, router] = [
  [100, 64, 50, 2],
  [100, 64, 50, 1],
];
const keepalive = message(4, Buffer.alloc(0));
const origin = [0x40, 1, 1, 0];
const v4 = message(2, Buffer.from([0, 0, 0, 4, ...origin, 8, 10, 24, 10, 1, 2, 0]));
const reach6 = [0, 2, 1, 16, ...Buffer.alloc(16), 0, 48, 0xfd, 0, 0, 9, 0, 0, 0];
const v6 = message(2, Buffer.from([0, 0, 0, 4 + 3 + reach6.length, ...origin, 0x80, 14, reach6.length, ...reach6]));
const withdrawal = message(2, Buffer.from([0, 2, 8, 10, 0, 0]));
const read = (...frames: Buffer[]): string[][] => readAnnouncements(frames, '100.64.50.2', '100.64.50.1');

test('prefixes are read from the message and from MP_REACH_NLRI', () => {
  const payload = Buffer.concat([keepalive, v4, v6]);
  expect(read(frame(peer, router, 1, payload))).toEqual([
    ['10.0.0.0/8', '10.1.2.0/24', '0.0.0.0/0'],
    ['fd00:9::/48', '::/0'],
  ]);
});

test('a message may be spread over segments, and a segment may be seen twice', () => {
  const [start, rest] = [v4.subarray(0, 17), v4.subarray(17)];
  expect(read(frame(peer, router, 1, start))).toEqual([]);
  expect(
    read(frame(peer, router, 1, start), frame(peer, router, 1, start), frame(peer, router, 18, rest)),
  ).toHaveLength(1);
});

test('neither withdrawals nor what the other side says is an announcement', () => {
  expect(read(frame(peer, router, 1, withdrawal), frame(router, peer, 1, v4))).toEqual([]);
});

test('withdrawals are read from the message and from MP_UNREACH_NLRI, and an End-of-RIB says nothing', () => {
  const unreach = [0, 2, 1, 48, 0xfd, 0, 0, 9, 0, 0];
  const withdrawal6 = message(2, Buffer.from([0, 0, 0, 3 + unreach.length, 0x80, 15, unreach.length, ...unreach]));
  const endOfRib = message(2, Buffer.from([0, 0, 0, 0]));
  const said = readUpdates(
    [frame(peer, router, 1, Buffer.concat([withdrawal, withdrawal6, endOfRib]))],
    '100.64.50.2',
    '100.64.50.1',
  );
  expect(said).toEqual([
    { announced: [], withdrawn: ['10.0.0.0/8'] },
    { announced: [], withdrawn: ['fd00:9::/48'] },
  ]);
});
