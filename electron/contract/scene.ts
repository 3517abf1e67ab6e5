import { z } from 'zod';

import { LabId, NodeName } from '#core/model/ids.ts';
import { CheckKind } from '#core/model/lab.ts';
import { Verdict } from '#core/model/verdict.ts';

/** One attempt of a run on its way over the nodes. */
export const Journey = z.strictObject({
  check: z.string(),
  title: z.string().describe('Of the check'),
  kind: CheckKind,
  role: z.enum(['try', 'canary']),
  family: z.enum(['v4', 'v6']).optional(),
  label: z.string(),
  path: z.array(NodeName).min(1).describe('From where it starts to where it should end'),
  seenAt: z.array(NodeName).describe('Nodes of the path whose captures show its packets'),
  sent: z.boolean(),
  succeeded: z.boolean(),
  stoppedAt: NodeName.nullable().describe('The node that stopped it; null when it went through or never left'),
  packets: z.number().int().describe('How many were seen leaving'),
  seen: z.string().describe('What was seen, in one sentence'),
});
export type Journey = z.infer<typeof Journey>;

/** A run as movement, built from its attempts and captures alone. */
export const Scene = z.strictObject({
  run: z.string(),
  lab: LabId,
  control: z.boolean().nullable().describe('Of a demo: whether the control was on'),
  verdict: Verdict,
  journeys: z.array(Journey),
});
export type Scene = z.infer<typeof Scene>;
