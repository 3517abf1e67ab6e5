import { Address4, Address6 } from 'ip-address';

import { familyOf } from '../model/plan.ts';

/** An address as it stands in a packet. */
export function addressBytes(address: string): Buffer {
  return Buffer.from(
    familyOf(address) === 'v4' ? new Address4(address).toArray() : new Address6(address).toUnsignedByteArray(),
  );
}

/** Source and destination as they stand side by side in an IP header (RFC 791, RFC 8200): finds a packet in a frame. */
export function addressPair(source: string, destination: string): Buffer {
  return Buffer.concat([source, destination].map(addressBytes));
}
