import { z } from 'zod';

import { LabId } from './ids.ts';

/**
 * One row of `labs/controls.yml`: a protective measure that a document asks for.
 * Class A: real traffic; B: inspection of a running system; C: a document that a machine checks; D: outside a lab.
 */
export const Control = z.strictObject({
  id: LabId,
  title: z.string(),
  sections: z.array(z.string()).min(1).describe('RFC3013 §4.3, draft §5.7 …'),
  level: z.string().describe('MUST, SHOULD, advice …'),
  class: z.enum(['A', 'B', 'C', 'D']),
  modern: z.string().optional().describe('What the field says today'),
  lab: LabId.optional().describe('The lab that exercises it'),
  reason: z.string().optional().describe('Why there is none'),
});
export type Control = z.infer<typeof Control>;

/** One thing that a document says of providers. Each is answered for by exactly one control. */
export const Statement = z.strictObject({
  id: z
    .string()
    .regex(/^[RD]\d[\w.]*$/)
    .describe('R of RFC 3013, D of the draft, then its section and a letter'),
  section: z.string().describe('Where it stands: RFC3013 §4.3'),
  level: z.string().describe('MUST, SHOULD, advice …'),
  says: z.string().describe('What it says, in a few words'),
  control: LabId.describe('The row that answers for it'),
});
export type Statement = z.infer<typeof Statement>;

export const ControlsFile = z.strictObject({
  controls: z.array(Control),
  statements: z.array(Statement).default([]),
});
export type Catalogue = z.infer<typeof ControlsFile>;
