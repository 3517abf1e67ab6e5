import { expect, test } from 'vitest';

import { firstFrames, pcapReader, readPcap } from '#core/probes/pcap.ts';

function file(...frames: string[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  const records = frames.map((text) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(text.length, 8);
    return Buffer.concat([record, Buffer.from(text)]);
  });
  return Buffer.concat([head, ...records]);
}

test('a file that grows is read on from where it ended, an incomplete record when it is whole', () => {
  const whole = file('one', 'two', 'three');
  const read = pcapReader();
  const texts = (length: number): string[] => read(whole.subarray(0, length)).map((it) => it.bytes.toString());
  expect(texts(10)).toEqual([]);
  expect(texts(24 + 19 + 10)).toEqual(['one']);
  expect(texts(whole.length)).toEqual(['one', 'two', 'three']);
});

test('the beginning of a file is a file', () => {
  const whole = file('one', 'two', 'three');
  expect(readPcap(firstFrames(whole, 2))).toHaveLength(2);
  expect(firstFrames(whole, 9)).toEqual(whole);
});
