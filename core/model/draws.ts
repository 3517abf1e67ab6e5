import { Address4, Address6 } from 'ip-address';

import { parsePrefix, rangeOf } from './ip.ts';

/** Numbers that look random, and are the same again when the seed of the run is given again (`--seed`). */
export interface Draws {
  /** A whole number from 0 to below `bound`, at most 2^48. */
  below(bound: number): number;
}

/** One of a list. @throws RangeError when there is none */
export function pick<Item>(draws: Draws, list: readonly Item[]): Item {
  if (list.length === 0) throw new RangeError('nothing to draw from');
  return list[draws.below(list.length)] as Item;
}

/** Some of a list, none of them twice, in the order of the list; all of it when it has no more. */
export function sample<Item>(draws: Draws, list: readonly Item[], count: number): Item[] {
  const left = list.map((_item, index) => index);
  const chosen = Array.from(
    { length: Math.min(count, list.length) },
    () => left.splice(draws.below(left.length), 1)[0] as number,
  );
  return chosen.toSorted((a, b) => a - b).map((index) => list[index] as Item);
}

/** An address of a prefix, the first and the last included. */
export function addressWithin(draws: Draws, prefix: string): string {
  const { family, network, prefixLength } = parsePrefix(prefix);
  const bits = (family === 'v4' ? 32 : 128) - prefixLength;
  return addressAt(network, drawBits(draws, bits));
}

/** The longer prefix of that length in which a drawn address of `prefix` lies. */
export function prefixWithin(draws: Draws, prefix: string, length: number): string {
  return `${parsePrefix(`${addressWithin(draws, prefix)}/${length}`).network}/${length}`;
}

/** First and last address of a prefix. */
export function endsOf(prefix: string): { first: string; last: string } {
  const { family, network, prefixLength } = parsePrefix(prefix);
  const bits = (family === 'v4' ? 32 : 128) - prefixLength;
  return { first: network, last: addressAt(network, (1n << BigInt(bits)) - 1n) };
}

/** The address that far behind another one, or before it; undefined beyond the end of the address space. */
export function addressBeside(address: string, distance: bigint): string | undefined {
  const { family, first } = rangeOf(address);
  const number = first + distance;
  return number < 0n || number >= 1n << (family === 'v4' ? 32n : 128n) ? undefined : addressOfNumber(number, family);
}

function addressAt(network: string, offset: bigint): string {
  return addressBeside(network, offset) ?? network;
}

function drawBits(draws: Draws, bits: number): bigint {
  let number = 0n;
  for (let left = bits; left > 0; left -= 32) {
    const some = Math.min(left, 32);
    number = (number << BigInt(some)) | BigInt(draws.below(2 ** some));
  }
  return number;
}

function addressOfNumber(number: bigint, family: 'v4' | 'v6'): string {
  return (family === 'v4' ? Address4 : Address6).fromBigInt(number).correctForm();
}
