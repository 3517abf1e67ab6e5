import { Address4, Address6 } from 'ip-address';

import { segmentsBetween, streamsOf } from './segments.ts';

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
  return streamsOf(segmentsBetween(frames, source, destination)).flatMap((stream) =>
    messagesOf(stream).flatMap(({ type, body }) => {
      const said = type === update ? readUpdate(body) : undefined;
      return said !== undefined && said.announced.length + said.withdrawn.length > 0 ? [said] : [];
    }),
  );
}

/** A BGP message, without its header (RFC 4271 §4.1). */
interface Message {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * The whole messages of a stream. A capture that began in the middle of one finds the next by its marker;
 * one that is not all there yet is read the next time.
 */
function messagesOf(stream: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = stream.indexOf(bgpMarker); at >= 0 && at + header <= stream.length;) {
    const length = stream.readUInt16BE(at + 16);
    if (length < header) {
      at = stream.indexOf(bgpMarker, at + 1);
      continue;
    }
    if (at + length > stream.length) break;
    messages.push({ type: stream.readUInt8(at + 18), body: stream.subarray(at + header, at + length) });
    at = stream.indexOf(bgpMarker, at + length);
  }
  return messages;
}

/** What every message begins with (RFC 4271 §4.1). */
export const bgpMarker = Buffer.alloc(16, 0xff);
const header = 19;
const update = 2;
const mpReachNlri = 14;
const mpUnreachNlri = 15;

/** What an UPDATE says; undefined when its lengths contradict each other, so that it says nothing. */
function readUpdate(body: Buffer): Update | undefined {
  if (body.length < 4) return undefined;
  const attributesAt = 2 + body.readUInt16BE(0);
  if (attributesAt + 2 > body.length) return undefined;
  const nlriAt = attributesAt + 2 + body.readUInt16BE(attributesAt);
  const multiprotocol = readAttributes(body.subarray(attributesAt + 2, nlriAt));
  const [withdrawn, announced] = [body.subarray(2, attributesAt), body.subarray(nlriAt)].map((it) =>
    readPrefixes(it, 'v4'),
  );
  if (nlriAt > body.length || multiprotocol === undefined || withdrawn === undefined || announced === undefined)
    return undefined;
  return {
    announced: [...multiprotocol.announced, ...announced],
    withdrawn: [...multiprotocol.withdrawn, ...withdrawn],
  };
}

/** The prefixes in MP_REACH_NLRI and MP_UNREACH_NLRI; other attributes do not matter here. */
function readAttributes(attributes: Buffer): Update | undefined {
  const said = { announced: [] as string[], withdrawn: [] as string[] };
  for (let at = 0; at < attributes.length;) {
    const extended = ((attributes[at] ?? 0) & 0x10) !== 0;
    const start = at + (extended ? 4 : 3);
    if (start > attributes.length) return undefined;
    const length = extended ? attributes.readUInt16BE(at + 2) : attributes.readUInt8(at + 2);
    const value = attributes.subarray(start, start + length);
    if (value.length < length) return undefined;
    const type = attributes.readUInt8(at + 1);
    if (type === mpReachNlri || type === mpUnreachNlri) {
      // Address family and next hop stand before what is announced, the family alone before what is withdrawn.
      const head = type === mpReachNlri ? 5 + (value[3] ?? 0) : 3;
      const prefixes = value.length < head ? undefined : readPrefixes(value.subarray(head), addressFamilyOf(value));
      if (prefixes === undefined) return undefined;
      said[type === mpReachNlri ? 'announced' : 'withdrawn'].push(...prefixes);
    }
    at = start + length;
  }
  return said;
}

function addressFamilyOf(value: Buffer): 'v4' | 'v6' {
  return value.readUInt16BE(0) === 2 ? 'v6' : 'v4';
}

function readPrefixes(nlri: Buffer, family: 'v4' | 'v6'): string[] | undefined {
  const prefixes: string[] = [];
  const address = family === 'v4' ? 4 : 16;
  for (let at = 0; at < nlri.length;) {
    const bits = nlri.readUInt8(at);
    const octets = Math.ceil(bits / 8);
    if (octets > address || at + 1 + octets > nlri.length) return undefined;
    const bytes = Buffer.alloc(address);
    nlri.copy(bytes, 0, at + 1, at + 1 + octets);
    const parsed = family === 'v4' ? Address4.fromByteArray([...bytes]) : Address6.fromUnsignedByteArray([...bytes]);
    prefixes.push(`${parsed.correctForm()}/${bits}`);
    at += 1 + octets;
  }
  return prefixes;
}
