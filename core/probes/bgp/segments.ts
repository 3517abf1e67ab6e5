import { canonicalAddress } from '../../model/ip.ts';
import { addressPair } from '../address-pair.ts';
import { type Packet, protocols, readCooked, readPacket } from '../packet.ts';

/** A TCP segment in a captured frame (RFC 9293 §3.1). */
export interface Segment {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly port: number;
  readonly sequence: number;
  readonly flags: number;
  readonly window: number;
  readonly payload: Buffer;
}

/** Bits of a segment's flags. */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

/** The segments that went from one address to another, in the order in which they were captured. */
export function segmentsBetween(frames: readonly Buffer[], source: string, destination: string): Segment[] {
  const [from, to] = [canonicalAddress(source), canonicalAddress(destination)];
  // A capture is read again and again while it grows: most of its frames are put aside unread.
  const pair = addressPair(source, destination);
  return frames.flatMap((frame) => {
    if (!frame.includes(pair)) return [];
    const segment = readSegment(frame);
    return segment?.source === from && segment.destination === to ? [segment] : [];
  });
}

/** The segment of a frame that was captured on one interface, or on `any`; undefined when it holds no whole one. */
export function readSegment(frame: Buffer): Segment | undefined {
  const bytes = ipIn(frame);
  const packet = bytes && readPacket(bytes);
  if (bytes === undefined || packet?.protocol !== protocols.tcp || packet.fragmentOffset > 0) return undefined;
  const tcp = withoutPadding(bytes, packet);
  if (tcp.length < 20) return undefined;
  return {
    source: packet.source,
    destination: packet.destination,
    sourcePort: tcp.readUInt16BE(0),
    port: tcp.readUInt16BE(2),
    sequence: tcp.readUInt32BE(4),
    flags: tcp.readUInt8(13),
    window: tcp.readUInt16BE(14),
    payload: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
  };
}

/** Both kinds of head are told apart by their first four octets: nobody's link address is 08:00:00:00 or 86:dd:00:00. */
function ipIn(frame: Buffer): Buffer | undefined {
  if (frame.length < 16) return undefined;
  if (frame.readUInt16BE(2) === 0) {
    const cooked = readCooked(frame);
    if (cooked !== undefined) return cooked.bytes;
  }
  const etherType = frame.readUInt16BE(12);
  return etherType === 0x0800 || etherType === 0x86dd ? frame.subarray(14) : undefined;
}

/** Short frames are filled up on the wire; the IP header says how long the packet is. */
function withoutPadding(ip: Buffer, { family, payload }: Packet): Buffer {
  const headers = ip.length - payload.length;
  const length = family === 'v4' ? ip.readUInt16BE(2) : 40 + ip.readUInt16BE(4);
  return payload.subarray(0, Math.max(0, length - headers));
}

/**
 * What one side said, a buffer for each connection. Sequence numbers decide (RFC 9293 §3.4): they say
 * where each octet belongs, whatever order the segments were captured in, however often they were sent, and
 * though the numbers begin anew after 2^32. What stands behind a gap is not said yet.
 */
export function streamsOf(segments: readonly Segment[]): Buffer[] {
  return connectionsIn(segments).map((connection) => {
    const [first] = connection;
    if (first === undefined) return Buffer.alloc(0);
    const pieces = connection
      .map((it) => ({ start: distance(first.sequence, dataBegins(it)), payload: it.payload }))
      .toSorted((a, b) => a.start - b.start);
    const said: Buffer[] = [];
    let at = pieces[0]?.start ?? 0;
    for (const { start, payload } of pieces) {
      if (start > at) break;
      said.push(payload.subarray(at - start));
      at = Math.max(at, start + payload.length);
    }
    return Buffer.concat(said);
  });
}

/** Ports name a connection, and a SYN with another number begins a new one at the same ports. */
function connectionsIn(segments: readonly Segment[]): Segment[][] {
  const all: Segment[][] = [];
  const open = new Map<string, Segment[]>();
  for (const segment of segments) {
    const ports = `${segment.sourcePort} ${segment.port}`;
    const known = open.get(ports);
    const opened = known?.find((it) => isOpening(it));
    const anew = isOpening(segment) && opened?.sequence !== segment.sequence;
    if (known !== undefined && !anew) {
      known.push(segment);
      continue;
    }
    const connection = [segment];
    open.set(ports, connection);
    all.push(connection);
  }
  return all.map((it) => it.filter(({ payload, flags }) => payload.length > 0 || (flags & tcpFlags.syn) !== 0));
}

function isOpening({ flags }: Segment): boolean {
  return (flags & tcpFlags.syn) !== 0;
}

/** A SYN takes a number of its own, before the data. */
function dataBegins(segment: Segment): number {
  return isOpening(segment) ? segment.sequence + 1 : segment.sequence;
}

/** How far a sequence number is behind another one; negative before it (RFC 9293 §3.4: modulo 2^32). */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
