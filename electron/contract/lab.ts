import { z } from 'zod';

import { Control } from '#core/model/control.ts';
import { LabId, LocalId, NodeName } from '#core/model/ids.ts';
import { CheckKind, Layer } from '#core/model/lab.ts';
import { LabProgress } from './catalogue.ts';

/** Hints seen so far, as Markdown, and how many there are. */
export const Hints = z.strictObject({ seen: z.array(z.string()), total: z.number().int() });
export type Hints = z.infer<typeof Hints>;

/** A lab as a trainee may see it: no solution, and no hint before it was asked for. */
export const LabView = z.strictObject({
  id: LabId,
  title: z.string(),
  summary: z.string(),
  brief: z.string().describe('Markdown'),
  goals: z.array(z.string()),
  minutes: z.number().int(),
  nodes: z.array(NodeName),
  mend: z.array(NodeName).describe('Where the trainee is expected to work'),
  controls: z.array(Control),
  checks: z.array(
    z.strictObject({
      id: LocalId,
      kind: CheckKind,
      title: z.string(),
      layer: Layer,
      control: LabId,
      probe: z.string(),
    }),
  ),
  hints: Hints,
  progress: LabProgress,
});
export type LabView = z.infer<typeof LabView>;
