import { Address4, Address6 } from 'ip-address';

import { familyOf } from '../../model/plan.ts';
import { addressPair } from '../address-pair.ts';

/** What one UPDATE message says about routes. */
export interface Update {
  readonly announced: readonly string[];
  readonly withdrawn: readonly string[];
}

/** The prefixes of each UPDATE message that announces something. */
export function readAnnouncements(frames: readonly Buffer[], source: string, destination: string): string[][] {
  return readUpdates(frames, source, destination).flatMap(({ announced }) =>
    announced.length === 0 ? [] : [[...announced]],
  );
}

/**
 * The UPDATE messages that name a prefix (RFC 4271 §4.3; RFC 4760 §3 and §4 for IPv6) and went from one
 * address to another, in captured frames. Signed segments are plain text too. An End-of-RIB names none.
 */
export function readUpdates(frames: readonly Buffer[], source: string, destination: string): Update[] {
  const stream = streamOf(frames, source, destination);
  const updates: Update[] = [];
  for (let at = stream.indexOf(bgpMarker); at >= 0; at = stream.indexOf(bgpMarker, at)) {
    // 19 octets of header; a message that is not all there yet is read the next time.
    if (at + 19 > stream.length || at + stream.readUInt16BE(at + 16) > stream.length) break;
    const end = at + Math.max(19, stream.readUInt16BE(at + 16));
    if (stream.readUInt8(at + 18) === update) {
      const said = readUpdate(stream.subarray(at + 19, end));
      if (said.announced.length + said.withdrawn.length > 0) updates.push(said);
    }
    at = end;
  }
  return updates;
}

/** What every message begins with (RFC 4271 §4.1). */
export const bgpMarker = Buffer.alloc(16, 0xff);
const update = 2;
const mpReachNlri = 14;
const mpUnreachNlri = 15;

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

function readUpdate(body: Buffer): Update {
  const attributesAt = 2 + body.readUInt16BE(0);
  const nlriAt = attributesAt + 2 + body.readUInt16BE(attributesAt);
  const multiprotocol = readAttributes(body.subarray(attributesAt + 2, nlriAt));
  return {
    announced: [...multiprotocol.announced, ...readPrefixes(body.subarray(nlriAt), 'v4')],
    withdrawn: [...multiprotocol.withdrawn, ...readPrefixes(body.subarray(2, attributesAt), 'v4')],
  };
}

/** The prefixes in MP_REACH_NLRI and MP_UNREACH_NLRI; other attributes do not matter here. */
function readAttributes(attributes: Buffer): Update {
  const said = { announced: [] as string[], withdrawn: [] as string[] };
  for (let at = 0; at + 3 <= attributes.length;) {
    const extended = (attributes.readUInt8(at) & 0x10) !== 0;
    const length = extended ? attributes.readUInt16BE(at + 2) : attributes.readUInt8(at + 2);
    const start = at + (extended ? 4 : 3);
    const value = attributes.subarray(start, start + length);
    const type = attributes.readUInt8(at + 1);
    if (type === mpReachNlri)
      said.announced.push(...readPrefixes(value.subarray(4 + value.readUInt8(3) + 1), addressFamilyOf(value)));
    if (type === mpUnreachNlri) said.withdrawn.push(...readPrefixes(value.subarray(3), addressFamilyOf(value)));
    at = start + length;
  }
  return said;
}

function addressFamilyOf(value: Buffer): 'v4' | 'v6' {
  return value.readUInt16BE(0) === 2 ? 'v6' : 'v4';
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
