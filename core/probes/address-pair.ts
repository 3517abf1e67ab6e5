import { rangeOf } from '../model/ip.ts';

/** An address as it stands in a packet. */
export function addressBytes(address: string): Buffer {
  const { family, first } = rangeOf(address);
  return Buffer.from(first.toString(16).padStart(family === 'v4' ? 8 : 32, '0'), 'hex');
}

/** Source and destination as they stand side by side in an IP header (RFC 791, RFC 8200): finds a packet in a frame. */
export function addressPair(source: string, destination: string): Buffer {
  return Buffer.concat([source, destination].map(addressBytes));
}
