import { z } from 'zod';

import { NodeName } from './ids.ts';

/** Kept raw material: a capture, a dialogue, a table. `file` is relative to the run's folder. */
export const Evidence = z.strictObject({
  kind: z.enum(['pcap', 'transcript', 'table', 'log', 'counter']),
  title: z.string().describe('What it shows, in a few words'),
  file: z.string().describe('Path below the folder of the run'),
  command: z.string().describe('How a person gets the same by hand'),
  excerpt: z.string().describe('The lines that matter, as text; never binary'),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * One try of one thing over one address family. The whole judgement rests on two facts: was it seen
 * to leave, and did it get there. A `canary` is a legitimate try made in the same way from the same
 * place: it must get through, or silence of the others means nothing.
 */
export const Attempt = z.strictObject({
  label: z.string().describe('What was tried, in a few words a trainee understands'),
  role: z.enum(['try', 'canary']),
  fault: z
    .boolean()
    .optional()
    .describe('No attack that gets through or is stopped, but a look for something wrong: it is found or not'),
  family: z.enum(['v4', 'v6']).optional(),
  from: NodeName,
  to: z.string().describe('Target node or address'),
  sent: z.boolean().describe('Seen leaving: captured on the sender, a dialogue, a sent UPDATE'),
  succeeded: z.boolean().describe('Seen having its effect at the victim'),
  seen: z.string().describe('What was seen, in one sentence'),
  repeat: z.string().describe('The command that repeats it by hand'),
});
export type Attempt = z.infer<typeof Attempt>;

/** What a probe saw. */
export const Observation = z.strictObject({
  attempts: z.array(Attempt),
  evidence: z.array(Evidence),
});
export type Observation = z.infer<typeof Observation>;
