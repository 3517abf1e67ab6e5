import { Address4, Address6 } from 'ip-address';

import { parsePrefix, rangeOf } from '../../model/ip.ts';

/** The first `count` prefixes of a length in a space, as many as there are. */
export function prefixesWithin(space: string, length: number, count: number): string[] {
  const { prefixLength } = parsePrefix(space);
  const { family, first } = rangeOf(space);
  const bits = family === 'v4' ? 32 : 128;
  const step = 1n << BigInt(bits - length);
  const there = 2 ** Math.min(length - prefixLength, 32);
  return Array.from({ length: Math.min(count, there) }, (_, index) => {
    const address = first + step * BigInt(index);
    const text = family === 'v4' ? Address4.fromBigInt(address) : Address6.fromBigInt(address);
    return `${text.correctForm()}/${length}`;
  });
}
