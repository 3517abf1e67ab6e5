import { Address6 } from 'ip-address';

import type { Family } from '../model/plan.ts';

/** What the headers of an IP packet say (RFC 791, RFC 8200). */
export interface Packet {
  readonly family: Family;
  readonly source: string;
  /** In the one spelling, as {@link canonicalAddress} has it. */
  readonly destination: string;
  /** Number of the protocol behind the IP headers; extension headers of IPv6 are passed over. */
  readonly protocol: number;
  /** In units of 8 bytes: 0 for a whole packet and for a first fragment. */
  readonly fragmentOffset: number;
  /** Of TCP and UDP, unless it is a later fragment. */
  readonly sourcePort?: number;
  readonly port?: number;
  /** What stands behind the IP headers, as far as it was captured. */
  readonly payload: Buffer;
}

/** Numbers of protocols (IANA), as far as probes ask for them by name. */
export const protocols = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** Reads an IP packet; undefined when it is none, or cut short within its first header. */
export function readPacket(bytes: Buffer): Packet | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return readIpv4(bytes);
  return version === 6 ? readIpv6(bytes) : undefined;
}

function readIpv4(bytes: Buffer): Packet | undefined {
  if (bytes.length < 20) return undefined;
  const payload = bytes.subarray(((bytes[0] ?? 0) & 0x0f) * 4);
  const protocol = bytes[9] ?? 0;
  const fragmentOffset = bytes.readUInt16BE(6) & 0x1fff;
  return {
    family: 'v4',
    source: bytes.subarray(12, 16).join('.'),
    destination: bytes.subarray(16, 20).join('.'),
    protocol,
    fragmentOffset,
    ...portsOf(protocol, fragmentOffset, payload),
    payload,
  };
}

function readIpv6(bytes: Buffer): Packet | undefined {
  if (bytes.length < 40) return undefined;
  const { protocol, fragmentOffset, payload } = behindExtensions(bytes[6] ?? 0, bytes.subarray(40));
  return {
    family: 'v6',
    source: address6(bytes.subarray(8, 24)),
    destination: address6(bytes.subarray(24, 40)),
    protocol,
    fragmentOffset,
    ...portsOf(protocol, fragmentOffset, payload),
    payload,
  };
}

/** Extension headers begin with the next header's number and, but for the fragment header, their length (RFC 8200 §4). */
const extensions: ReadonlyMap<number, (length: number) => number> = new Map([
  [0, (length: number) => (length + 1) * 8], // hop-by-hop options
  [43, (length: number) => (length + 1) * 8], // routing
  [44, () => 8], // fragment
  [51, (length: number) => (length + 2) * 4], // authentication (RFC 4302)
  [60, (length: number) => (length + 1) * 8], // destination options
]);

function behindExtensions(first: number, rest: Buffer): { protocol: number; fragmentOffset: number; payload: Buffer } {
  let protocol = first;
  let payload = rest;
  let fragmentOffset = 0;
  for (;;) {
    const lengthOf = extensions.get(protocol);
    // Behind the header of a later fragment stand data, not headers.
    if (lengthOf === undefined || payload.length < 8 || fragmentOffset > 0)
      return { protocol, fragmentOffset, payload };
    if (protocol === 44) fragmentOffset = payload.readUInt16BE(2) >> 3;
    protocol = payload[0] ?? 0;
    payload = payload.subarray(lengthOf(payload[1] ?? 0));
  }
}

function portsOf(protocol: number, fragmentOffset: number, payload: Buffer): Pick<Packet, 'sourcePort' | 'port'> {
  const has = (protocol === protocols.tcp || protocol === protocols.udp) && fragmentOffset === 0;
  return has && payload.length >= 4 ? { sourcePort: payload.readUInt16BE(0), port: payload.readUInt16BE(2) } : {};
}

/** Spelled once for each address: a capture has thousands of packets between a few dozen hosts. */
const spelled = new Map<string, string>();

function address6(bytes: Buffer): string {
  const key = bytes.toString('latin1');
  const known = spelled.get(key);
  if (known !== undefined) return known;
  if (spelled.size >= 10_000) spelled.clear();
  const address = Address6.fromByteArray([...bytes]).correctForm();
  spelled.set(key, address);
  return address;
}

/** A packet as a capture of all interfaces (`any`) of a node has it. */
export interface SeenPacket {
  /** `elsewhere`: overheard on a segment, meant for another host. */
  readonly direction: 'in' | 'out' | 'elsewhere';
  /** The whole IP packet. */
  readonly bytes: Buffer;
}

/** Takes the cooked head off a frame that was captured on `any` (LINKTYPE_LINUX_SLL2); undefined when it holds no IP packet. */
export function readCooked(frame: Buffer): SeenPacket | undefined {
  if (frame.length < cookedHead) return undefined;
  const etherType = frame.readUInt16BE(0);
  if (etherType !== 0x0800 && etherType !== 0x86dd) return undefined;
  const direction = ({ 3: 'elsewhere', 4: 'out' } as const)[frame[10] ?? 0] ?? 'in';
  return { direction, bytes: frame.subarray(cookedHead) };
}

const cookedHead = 20;
