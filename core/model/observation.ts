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
 * Why a try that had no effect was refused, and not lost. `canary`: a legitimate try from the same place,
 * over the same family, in the same way, got through. `answered`: the other side refused in its own words
 * (a reset, a REFUSED, a 5xx). `counted`: the victim's counter, log or a capture at it saw the try arrive
 * and nothing come of it.
 */
export const Proof = z.enum(['canary', 'answered', 'counted']);
export type Proof = z.infer<typeof Proof>;

/**
 * One try of one thing over one address family. The whole judgement rests on three facts: was it seen
 * to leave, did it get there, and if not, what proves that it was refused. Of an inspection the first
 * means that its object was read whole, the second that the fault was found.
 */
export const Attempt = z.strictObject({
  label: z.string().describe('What was tried, in a few words a trainee understands'),
  role: z.enum(['try', 'canary']),
  family: z.enum(['v4', 'v6']).optional(),
  from: NodeName,
  to: z.string().describe('Target node or address'),
  claims: z
    .array(z.string())
    .optional()
    .describe('Source addresses that it pretends to have, where they are not those of `from`'),
  sent: z.boolean().describe('Seen leaving: captured on the sender, a dialogue, a sent UPDATE'),
  succeeded: z.boolean().describe('Seen having its effect at the victim'),
  proof: Proof.optional().describe('Why no effect means refusal; a try without one proves nothing'),
  way: z
    .string()
    .optional()
    .describe('How it was made, such as `udp` or `tcp 25`: a canary vouches for tries that were made as it was'),
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
