import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readDns } from '#core/probes/dns/wire.ts';

/** A DNS message with one question. */
function message(flags: number, answers: number, name: string, type: number): Buffer {
  const head = Buffer.alloc(12);
  [0x1234, flags, 1, answers].forEach((word, index) => head.writeUInt16BE(word, index * 2));
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

function udp(from: number, to: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  [from, to, 8 + data.length].forEach((word, index) => head.writeUInt16BE(word, index * 2));
  return Buffer.concat([head, data]);
}

function tcp(from: number, to: number, data: Buffer): Buffer {
  const head = Buffer.alloc(32);
  [from, to].forEach((word, index) => head.writeUInt16BE(word, index * 2));
  head[12] = 8 << 4;
  const length = Buffer.from([data.length >> 8, data.length & 0xff]);
  return Buffer.concat([head, length, data]);
}

function ipv4(protocol: number, payload: Buffer, padding = 0): Buffer {
  const head = Buffer.from('4500000000000000400000000c0002020a000001', 'hex');
  head.writeUInt16BE(20 + payload.length, 2);
  head[9] = protocol;
  Buffer.from([192, 0, 2, 2]).copy(head, 12);
  Buffer.from([198, 51, 100, 10]).copy(head, 16);
  return Buffer.concat([Buffer.alloc(12), Buffer.from([8, 0]), head, payload, Buffer.alloc(padding)]);
}

function ipv6(protocol: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x60;
  head.writeUInt16BE(payload.length, 4);
  head[6] = protocol;
  Buffer.from('20010db8000000010000000000000002', 'hex').copy(head, 8);
  Buffer.from('20010db8050000010000000000000010', 'hex').copy(head, 24);
  return Buffer.concat([Buffer.alloc(12), Buffer.from([0x86, 0xdd]), head, payload]);
}

test('a question over UDP and IPv4', () => {
  expect(readDns(ipv4(17, udp(4000, 53, message(0x0100, 0, 'WWW.remote.example', 1)), 6))).toEqual({
    source: '192.0.2.2',
    destination: '198.51.100.10',
    sourcePort: 4000,
    destinationPort: 53,
    response: false,
    opcode: 0,
    rcode: 0,
    answers: 0,
    name: 'www.remote.example',
    type: 1,
  });
});

test('a refused transfer over TCP and IPv6', () => {
  expect(readDns(ipv6(6, tcp(53, 4000, message(0x8005, 0, 'isp.example', 252))))).toMatchObject({
    source: '2001:db8:0:1::2',
    destination: '2001:db8:500:1::10',
    response: true,
    rcode: 5,
    name: 'isp.example',
    type: 252,
  });
});

test('an answered NOTIFY', () => {
  expect(readDns(ipv4(17, udp(53, 4000, message(0xa400, 0, 'isp.example', 6))))).toMatchObject({
    response: true,
    opcode: 4,
    rcode: 0,
  });
});

test('a TCP handshake carries no message', () => {
  expect(readDns(ipv4(6, tcp(4000, 53, Buffer.alloc(0)).subarray(0, 32)))).toBeUndefined();
});

test('whatever is in a frame, it is read or left alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(6, 17), (bytes, protocol) => {
      const payload = Buffer.from(bytes);
      for (const frame of [payload, ipv4(protocol, payload), ipv6(protocol, payload)]) {
        expect(() => readDns(frame)).not.toThrow();
      }
    }),
  );
});
