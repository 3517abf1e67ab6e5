import { z } from 'zod';

import type { Mutant } from './mutant.ts';

/** `equivalent.yml` of a lab: changes that make no difference to its controls, and why. */
export const EquivalentFile = z.strictObject({
  equivalent: z.array(
    z.strictObject({
      path: z.string().describe('The configuration file, `<node>/etc/…`'),
      was: z.string().describe('The text before the change, as `verify --mutants` prints it'),
      becomes: z.string().optional().describe('The text after it; every change of `was` without it'),
      why: z.string().min(10).describe('Why no attack and no legitimate use can tell the difference'),
    }),
  ),
});
export type Equivalent = z.infer<typeof EquivalentFile>['equivalent'][number];

/** The reason why a mutant makes no difference, if somebody gave one. */
export function reasonFor(mutant: Mutant, reasons: readonly Equivalent[]): Equivalent | undefined {
  return reasons.find(
    ({ path, was, becomes }) =>
      path === mutant.path && was === mutant.was && (becomes === undefined || becomes === mutant.becomes),
  );
}
