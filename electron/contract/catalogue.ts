import { z } from 'zod';

import { Control } from '#core/model/control.ts';
import { LabId } from '#core/model/ids.ts';

/** `begun`: a hint was seen or a check ran; `passed`: all of its checks held once, after a restart too. */
export const LabProgress = z.enum(['new', 'begun', 'passed']);
export type LabProgress = z.infer<typeof LabProgress>;

export const LabSummary = z.strictObject({
  id: LabId,
  title: z.string(),
  summary: z.string(),
  minutes: z.number().int(),
  controls: z.array(LabId),
  nodes: z.array(z.string()),
  progress: LabProgress,
});
export type LabSummary = z.infer<typeof LabSummary>;

/** A section of one of the two documents, `RFC3013 §4.3`, in their order. */
export const Section = z.strictObject({
  section: z.string(),
  controls: z.array(LabId),
  covered: z.array(LabId).describe('Those with a lab'),
});
export type Section = z.infer<typeof Section>;

export const Catalogue = z.strictObject({
  sections: z.array(Section),
  controls: z.array(Control),
  labs: z.array(LabSummary),
  broken: z
    .array(z.strictObject({ id: z.string(), problems: z.array(z.string()) }))
    .describe('Labs that cannot be used, and rows of controls.yml, each with its complaints'),
  total: z.strictObject({ controls: z.number().int(), covered: z.number().int() }),
});
export type Catalogue = z.infer<typeof Catalogue>;
