import { describe, expect, test } from 'vitest';

import { forgedWindow, forgeriesIn, hitsIn } from '#core/probes/bgp/forgeries.ts';

import { cooked, ip } from '../packets.ts';

const [victim, neighbour] = ['2001:db8:1900::1', '2001:db8:1900::2'];
const [syn, rst, ack] = [2, 4, 16];

function segment(sequence: number, flags: number, length = 0, window = 512): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(40_000, 0);
  head.writeUInt16BE(179, 2);
  head.writeUInt32BE(sequence, 4);
  head[12] = 5 << 4;
  head[13] = flags;
  head.writeUInt16BE(window, 14);
  return cooked('in', ip(neighbour, victim, 6, Buffer.concat([head, Buffer.alloc(length)])));
}

const reset = (sequence: number): Buffer => segment(sequence, rst, 0, forgedWindow);
const notification = (sequence: number): Buffer => segment(sequence, ack, 21, forgedWindow);

test('forged segments are told from others by their window, and counted by kind and direction', () => {
  const frames = [segment(1, ack, 19), reset(20), notification(20), notification(20)];
  expect(forgeriesIn(frames, neighbour, victim)).toEqual({ resets: 1, notifications: 2 });
  expect(forgeriesIn(frames, victim, neighbour)).toEqual({ resets: 0, notifications: 0 });
});

describe('a forged segment hits', () => {
  const hits = (...frames: Buffer[]): unknown => hitsIn(frames, neighbour, victim);
  const [one, none] = [
    { resets: 1, notifications: 0 },
    { resets: 0, notifications: 0 },
  ];

  test('with the number that is expected next', () => {
    expect(hits(segment(1, ack, 19), reset(20))).toEqual(one);
    expect(hits(segment(1, ack, 19), notification(20), reset(20))).toEqual({ resets: 1, notifications: 1 });
  });

  test('not when it comes too late, too early, or nothing was heard before', () => {
    expect(hits(segment(1, ack, 19), segment(20, ack, 19), reset(20))).toEqual(none);
    expect(hits(segment(1, ack, 19), reset(39))).toEqual(none);
    expect(hits(reset(20))).toEqual(none);
  });

  test('also after a retransmission, a SYN, and the end of the numbers', () => {
    expect(hits(segment(1, ack, 19), segment(20, ack, 19), segment(1, ack, 19), reset(39))).toEqual(one);
    expect(hits(segment(7, syn), reset(8))).toEqual(one);
    expect(hits(segment(2 ** 32 - 10, ack, 19), reset(9))).toEqual(one);
  });
});
