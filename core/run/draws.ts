import { createHash } from 'node:crypto';

import type { Draws } from '../model/draws.ts';

/** Draws that depend on the seed and the purpose alone: on no other check, and on nothing that runs beside it. */
export function drawsFrom(seed: number, purpose: string): Draws {
  let digests = 0;
  let left = Buffer.alloc(0);
  return {
    below(bound) {
      if (left.length < width) {
        digests += 1;
        left = createHash('sha512').update(`${seed} ${purpose} ${digests}`).digest();
      }
      const drawn = left.readUIntBE(0, width);
      left = left.subarray(width);
      return drawn % bound;
    },
  };
}

/** Bytes of a digest for a number: so many that the bias of the remainder is far below what anybody could see. */
const width = 6;

/** A seed that a person can copy. */
export function drawSeed(random: (bytes: number) => Buffer): number {
  return random(4).readUInt32BE();
}
