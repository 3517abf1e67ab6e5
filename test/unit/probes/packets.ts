import { addressBytes } from '#core/probes/address-pair.ts';

/** An IP packet of either family, its addresses as text. */
export function ip(source: string, destination: string, protocol: number, payload: Buffer, fragmentOffset = 0): Buffer {
  const addresses = Buffer.concat([source, destination].map(addressBytes));
  if (source.includes(':')) {
    const fragment = Buffer.from([protocol, 0, 0, 0, 0, 0, 0, 1]);
    fragment.writeUInt16BE(fragmentOffset << 3, 2);
    const rest = fragmentOffset === 0 ? payload : Buffer.concat([fragment, payload]);
    const head = Buffer.from([0x60, 0, 0, 0, 0, 0, fragmentOffset === 0 ? protocol : 44, 64]);
    head.writeUInt16BE(rest.length, 4);
    return Buffer.concat([head, addresses, rest]);
  }
  const head = Buffer.from([0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0]);
  head.writeUInt16BE(20 + payload.length, 2);
  head.writeUInt16BE(fragmentOffset, 6);
  return Buffer.concat([head, addresses, payload]);
}

export function udp(sourcePort: number, port: number, text = ''): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(sourcePort, 0);
  head.writeUInt16BE(port, 2);
  return Buffer.concat([head, Buffer.from(text)]);
}

export function tcp(sourcePort: number, port: number, flags: number): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(sourcePort, 0);
  head.writeUInt16BE(port, 2);
  head[12] = 5 << 4;
  head[13] = flags;
  return head;
}

/** An error message about a packet (RFC 792, RFC 4443): type, code, and the beginning of what it is about. */
export function icmpError(type: number, code: number, about: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), about]);
}

/** The head that tcpdump writes on `any` (LINKTYPE_LINUX_SLL2). */
export function cooked(direction: 'in' | 'out' | 'elsewhere', packet: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800, 0);
  head[10] = { in: 0, elsewhere: 3, out: 4 }[direction];
  return Buffer.concat([head, packet]);
}
