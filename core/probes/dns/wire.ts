import { Address4, Address6 } from 'ip-address';

/** The first DNS message of an Ethernet frame: where it goes, and its head (RFC 1035 §4.1). */
export interface DnsFrame {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly response: boolean;
  /** 0 query, 4 notify (RFC 1996). */
  readonly opcode: number;
  /** 0 NOERROR, 5 REFUSED … */
  readonly rcode: number;
  readonly answers: number;
  /** In lower case, without the last dot; empty when the message has no question. */
  readonly name: string;
  /** 1 A, 6 SOA, 252 AXFR … */
  readonly type: number;
}

/**
 * Reads a frame that carries a DNS message over UDP, or the first of a TCP stream's, over IPv4 or IPv6
 * without extension headers; undefined for any other.
 */
export function readDns(frame: Buffer): DnsFrame | undefined {
  const packet = readPacket(frame);
  const message = packet && readTransport(packet);
  if (packet === undefined || message === undefined || message.payload.length < 12) return undefined;
  const { payload, sourcePort, destinationPort } = message;
  const flags = payload.readUInt16BE(2);
  const question = payload.readUInt16BE(4) === 0 ? { name: '', type: 0 } : readQuestion(payload);
  if (question === undefined) return undefined;
  return {
    source: packet.source,
    destination: packet.destination,
    sourcePort,
    destinationPort,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    rcode: flags & 0xf,
    answers: payload.readUInt16BE(6),
    ...question,
  };
}

interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Buffer;
}

function readPacket(frame: Buffer): Packet | undefined {
  if (frame.length < 34) return undefined;
  const etherType = frame.readUInt16BE(12);
  const packet = frame.subarray(14);
  if (etherType === 0x0800) {
    const headerLength = (packet.readUInt8(0) & 0x0f) * 4;
    return {
      source: Address4.fromByteArray([...packet.subarray(12, 16)]).correctForm(),
      destination: Address4.fromByteArray([...packet.subarray(16, 20)]).correctForm(),
      protocol: packet.readUInt8(9),
      // Ethernet pads short frames: what counts is the length in the header.
      payload: packet.subarray(headerLength, packet.readUInt16BE(2)),
    };
  }
  if (etherType !== 0x86dd || packet.length < 40) return undefined;
  return {
    source: Address6.fromUnsignedByteArray([...packet.subarray(8, 24)]).correctForm(),
    destination: Address6.fromUnsignedByteArray([...packet.subarray(24, 40)]).correctForm(),
    protocol: packet.readUInt8(6),
    payload: packet.subarray(40, 40 + packet.readUInt16BE(4)),
  };
}

function readTransport({
  protocol,
  payload,
}: Packet): { sourcePort: number; destinationPort: number; payload: Buffer } | undefined {
  if (payload.length < 8) return undefined;
  const ports = { sourcePort: payload.readUInt16BE(0), destinationPort: payload.readUInt16BE(2) };
  if (protocol === 17) return { ...ports, payload: payload.subarray(8) };
  if (protocol !== 6 || payload.length < 20) return undefined;
  const data = payload.subarray((payload.readUInt8(12) >> 4) * 4);
  // Over TCP each message comes after its length (RFC 1035 §4.2.2).
  return { ...ports, payload: data.subarray(2) };
}

function readQuestion(message: Buffer): { name: string; type: number } | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = message[at];
    // A first question has nothing to point back to, so compression (two high bits) is somebody's mistake.
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 2 > message.length) return undefined;
  return { name: labels.join('.'), type: message.readUInt16BE(at) };
}
