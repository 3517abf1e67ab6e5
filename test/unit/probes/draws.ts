import { createHash } from 'node:crypto';

import type { Draws } from '#core/model/draws.ts';

/** The same numbers for the same seed. */
export function draws(seed = 'test'): Draws {
  let count = 0;
  return {
    below: (bound) =>
      createHash('sha256')
        .update(`${seed} ${(count += 1)}`)
        .digest()
        .readUIntBE(0, 6) % bound,
  };
}
