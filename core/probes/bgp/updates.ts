import { Address4, Address6 } from 'ip-address';

import { familyOf } from '../../model/plan.ts';
import { addressPair } from '../address-pair.ts';

/**
 * The prefixes of each UPDATE message that announces something (RFC 4271 §4.3; RFC 4760 §3 for IPv6)
 * and went from one address to another, in the frames of an Ethernet capture. Signed segments are plain text too.
 */
export function readAnnouncements(frames: readonly Buffer[], source: string, destination: string): string[][] {
  const stream = streamOf(frames, source, destination);
  const announcements: string[][] = [];
  for (let at = stream.indexOf(marker); at >= 0; at = stream.indexOf(marker, at)) {
    // 19 octets of header; a message that is not all there yet is read the next time.
    if (at + 19 > stream.length || at + stream.readUInt16BE(at + 16) > stream.length) break;
    const end = at + Math.max(19, stream.readUInt16BE(at + 16));
    const prefixes = stream.readUInt8(at + 18) === update ? readUpdate(stream.subarray(at + 19, end)) : [];
    if (prefixes.length > 0) announcements.push(prefixes);
    at = end;
  }
  return announcements;
}

const marker = Buffer.alloc(16, 0xff);
const update = 2;
const mpReachNlri = 14;

/** What one side of the connection said. A capture sees retransmissions too: each sequence number counts once. */
function streamOf(frames: readonly Buffer[], source: string, destination: string): Buffer {
  const pair = addressPair(source, destination);
  // The addresses stand at octet 12 of an IPv4 header and at octet 8 of an IPv6 header.
  const v4 = familyOf(source) === 'v4';
  const segments = new Map<number, Buffer>();
  for (const frame of frames) {
    const ip = frame.indexOf(pair) - (v4 ? 12 : 8);
    if (ip < 0) continue;
    const packet = frame.subarray(ip);
    const tcp = v4
      ? packet.subarray((packet.readUInt8(0) & 0x0f) * 4, packet.readUInt16BE(2))
      : packet.subarray(40, 40 + packet.readUInt16BE(4));
    if (tcp.length < 20) continue;
    const payload = tcp.subarray((tcp.readUInt8(12) >> 4) * 4);
    const sequence = tcp.readUInt32BE(4);
    if (payload.length > 0 && !segments.has(sequence)) segments.set(sequence, payload);
  }
  return Buffer.concat([...segments.values()]);
}

function readUpdate(body: Buffer): string[] {
  const attributesAt = 2 + body.readUInt16BE(0);
  const nlriAt = attributesAt + 2 + body.readUInt16BE(attributesAt);
  return [...readAttributes(body.subarray(attributesAt + 2, nlriAt)), ...readPrefixes(body.subarray(nlriAt), 'v4')];
}

/** The prefixes in MP_REACH_NLRI; other attributes do not matter here. */
function readAttributes(attributes: Buffer): string[] {
  for (let at = 0; at + 3 <= attributes.length;) {
    const extended = (attributes.readUInt8(at) & 0x10) !== 0;
    const length = extended ? attributes.readUInt16BE(at + 2) : attributes.readUInt8(at + 2);
    const start = at + (extended ? 4 : 3);
    if (attributes.readUInt8(at + 1) === mpReachNlri) {
      const value = attributes.subarray(start, start + length);
      const nlriAt = 4 + value.readUInt8(3) + 1;
      return readPrefixes(value.subarray(nlriAt), value.readUInt16BE(0) === 2 ? 'v6' : 'v4');
    }
    at = start + length;
  }
  return [];
}

function readPrefixes(nlri: Buffer, family: 'v4' | 'v6'): string[] {
  const prefixes: string[] = [];
  for (let at = 0; at < nlri.length;) {
    const bits = nlri.readUInt8(at);
    const octets = Math.ceil(bits / 8);
    const address = Buffer.alloc(family === 'v4' ? 4 : 16);
    nlri.copy(address, 0, at + 1, at + 1 + octets);
    const parsed =
      family === 'v4' ? Address4.fromByteArray([...address]) : Address6.fromUnsignedByteArray([...address]);
    prefixes.push(`${parsed.correctForm()}/${bits}`);
    at += 1 + octets;
  }
  return prefixes;
}
