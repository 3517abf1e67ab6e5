import { z } from 'zod';

import { DaemonDiagnostic } from './daemon-diagnostic.ts';
import { LabId, LocalId } from './ids.ts';
import { CheckKind, Layer } from './lab.ts';
import { Attempt, Evidence } from './observation.ts';
import { Verdict } from './verdict.ts';

/** A check after judgement. */
export const Finding = z.strictObject({
  lab: LabId,
  check: LocalId,
  control: LabId,
  kind: CheckKind,
  layer: Layer,
  title: z.string(),
  probe: z.string(),
  verdict: Verdict,
  reason: z.string().describe('Why this verdict, in one sentence'),
  attempts: z.array(Attempt),
  evidence: z.array(Evidence),
  durationMs: z.number(),
});
export type Finding = z.infer<typeof Finding>;

/**
 * `kept`: passed again after the nodes were restarted from their files; `lost`: passed before and not
 * after, so the mend was typed into a running daemon only; `not-tried`: there was nothing to confirm.
 */
export const Persistence = z.enum(['kept', 'lost', 'not-tried']);
export type Persistence = z.infer<typeof Persistence>;

/** One lab judged in one run. */
export const LabResult = z.strictObject({
  lab: LabId,
  title: z.string(),
  verdict: Verdict,
  persistence: Persistence,
  findings: z.array(Finding),
  /** Findings of the second look after a restart; empty when there was none. */
  afterRestart: z.array(Finding),
});
export type LabResult = z.infer<typeof LabResult>;

/** What a verdict was about. It says nothing of another configuration, nor of a network that was started anew. */
export const Judged = z.strictObject({
  tree: z.string().describe('Id of the tree of its configuration in the workspace'),
  network: z.string().describe('When that network was started'),
});
export type Judged = z.infer<typeof Judged>;

/** A finished run, as kept in `run.json` and as the JSON reporter writes it. */
export const Run = z.strictObject({
  schema: z.literal('breakwater.run/1'),
  id: z.string().describe('Sortable: time and a random part'),
  tool: z.string().describe('Name and version of the program'),
  topology: z.string(),
  runtime: z.string(),
  subject: z.string().describe('Whose configuration was judged: workspace, baseline, or the folder of --configs'),
  judged: Judged.optional().describe('Of a running network with a workspace'),
  seed: z
    .number()
    .int()
    .optional()
    .describe('Gives the same drawn values again (`--seed`); runs of earlier versions have none'),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  interrupted: z.boolean(),
  verdict: Verdict,
  problem: z.string().optional().describe('Why nothing could be judged; the verdict is `error` then'),
  diagnostics: z
    .array(DaemonDiagnostic)
    .default([])
    .describe('What daemons said of the configuration, or why it could not be laid out; stands before everything else'),
  labs: z.array(LabResult),
});
export type Run = z.infer<typeof Run>;

/** What happens during a run, in order. Every reporter and every screen is fed by this stream alone. */
export type RunEvent =
  | {
      type: 'run.started';
      runId: string;
      topology: string;
      subject: string;
      folder: string;
      labs: { id: string; title: string; checks: number }[];
    }
  | { type: 'run.diagnosed'; diagnostics: readonly DaemonDiagnostic[] }
  | { type: 'lab.started'; lab: string; title: string; phase: Phase; checks: PlannedCheck[] }
  | { type: 'check.started'; lab: string; check: string; phase: Phase }
  | { type: 'check.judged'; phase: Phase; finding: Finding }
  | { type: 'lab.judged'; result: LabResult }
  | { type: 'progress'; message: string }
  | { type: 'run.finished'; run: Run; folder: string };

/** `now`: the network as it stands; `restarted`: after its nodes came up again from their files. */
export type Phase = 'now' | 'restarted';

export interface PlannedCheck {
  readonly id: string;
  readonly kind: CheckKind;
  readonly title: string;
}

export type RunListener = (event: RunEvent) => void;
