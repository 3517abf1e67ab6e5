import { z } from 'zod';

import { LabId } from '#core/model/ids.ts';
import { Journey } from '#core/model/journey.ts';
import { Verdict } from '#core/model/verdict.ts';

/** A run as movement, built from its attempts and captures alone. */
export const Scene = z.strictObject({
  run: z.string(),
  lab: LabId,
  control: z.boolean().nullable().describe('Of a demo: whether the control was on'),
  verdict: Verdict,
  journeys: z.array(Journey),
});
export type Scene = z.infer<typeof Scene>;
