import { Address4, Address6 } from 'ip-address';

import { familyOf } from '../model/plan.ts';

/** Source and destination as they stand side by side in an IP header (RFC 791, RFC 8200): finds a packet in a frame. */
export function addressPair(source: string, destination: string): Buffer {
  return Buffer.concat(
    [source, destination].map((it) =>
      Buffer.from(familyOf(it) === 'v4' ? new Address4(it).toArray() : new Address6(it).toUnsignedByteArray()),
    ),
  );
}
