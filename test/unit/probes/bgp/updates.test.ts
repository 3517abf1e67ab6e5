import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readAnnouncements, readUpdates } from '#core/probes/bgp/updates.ts';

/** Ethernet, IPv4 with the addresses, TCP without options; padded as a card does. */
function frame(source: number[], destination: number[], sequence: number, payload: Buffer, flags = 0x10): Buffer {
  const ether = Buffer.alloc(14);
  ether.writeUInt8(2, 3);
  ether.writeUInt16BE(0x0800, 12);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(40 + payload.length, 2);
  ip.writeUInt8(6, 9);
  Buffer.from([...source, ...destination]).copy(ip, 12);
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(179, 2);
  tcp.writeUInt32BE(sequence % 2 ** 32, 4);
  tcp.writeUInt8(0x50, 12);
  tcp.writeUInt8(flags, 13);
  return Buffer.concat([ether, ip, tcp, payload, Buffer.alloc(Math.max(0, 6 - payload.length), 0xff)]);
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

describe('the stream is put together by sequence numbers', () => {
  const updates = Array.from({ length: 12 }, (_, index) =>
    message(2, Buffer.from([0, 0, 0, 4, ...origin, 24, 10, 0, index])),
  );
  const expected = updates.map((_, index) => [`10.0.${index}.0/24`]);
  const said = Buffer.concat(updates.flatMap((it) => [it, keepalive]));
  const sample = { numRuns: 500 };

  /** Any cut into segments that overlap or repeat, in any order, with any first number. */
  const segments = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: said.length - 1 }), { maxLength: 20 }),
      fc.array(fc.tuple(fc.nat(said.length - 1), fc.integer({ min: 1, max: 200 })), { maxLength: 10 }),
      fc.oneof(fc.nat(2 ** 31 - 1), fc.integer({ min: 2 ** 32 - said.length, max: 2 ** 32 - 1 })),
    )
    .chain(([cuts, again, isn]) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), said.length];
      const whole = at.slice(1).map((end, index) => [at[index] ?? 0, end] as const);
      const repeated = again.map(([start, length]) => [start, Math.min(said.length, start + length)] as const);
      const frames = [...whole, ...repeated].map(([start, end]) =>
        frame(peer, router, isn + start, said.subarray(start, end)),
      );
      return fc.shuffledSubarray(frames, { minLength: frames.length });
    });

  test('whatever order they are captured in, and however they overlap', () => {
    fc.assert(
      fc.property(segments, (frames) => {
        expect(read(...frames)).toEqual(expected);
      }),
      sample,
    );
  });

  test('and what stands behind a gap waits for it', () => {
    const [early, late] = [said.subarray(0, 40), said.subarray(60)];
    expect(read(frame(peer, router, 7, early), frame(peer, router, 67, late))).toEqual(expected.slice(0, 1));
  });

  test('a connection that is opened again at the same ports is another one', () => {
    const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = updates;
    const opened = (sequence: number): Buffer => frame(peer, router, sequence, Buffer.alloc(0), 2);
    expect(read(opened(9), frame(peer, router, 10, one), opened(9), opened(5), frame(peer, router, 6, two))).toEqual(
      expected.slice(0, 2),
    );
  });

  test('nothing that somebody puts on the wire breaks the reader', () => {
    const body = fc.uint8Array({ maxLength: 80 }).map((it) => message(2, Buffer.from(it)));
    const noise = fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.from(it));
    const frames = fc.array(
      fc.oneof(
        noise,
        fc.tuple(fc.nat(), body).map(([at, it]) => frame(peer, router, at, it)),
      ),
    );
    fc.assert(
      fc.property(frames, (it) => {
        expect(Array.isArray(read(...it))).toBe(true);
      }),
      sample,
    );
  });
});
