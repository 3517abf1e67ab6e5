import { createHash } from 'node:crypto';

import type { Draws } from '../model/draws.ts';

/** Draws that depend on the seed and the purpose alone: on no other check, and on nothing that runs beside it. */
export function drawsFrom(seed: number, purpose: string): Draws {
  let drawn = 0;
  return {
    below(bound) {
      drawn += 1;
      // 48 of the bits of a digest: the bias of the remainder is far below what anybody could see.
      return createHash('sha256').update(`${seed} ${purpose} ${drawn}`).digest().readUIntBE(0, 6) % bound;
    },
  };
}

/** A seed that a person can copy. */
export function drawSeed(random: (bytes: number) => Buffer): number {
  return random(4).readUInt32BE();
}
