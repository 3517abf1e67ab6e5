import { z } from 'zod';

import { DaemonDiagnostic } from '#core/model/daemon-diagnostic.ts';
import { LabId } from '#core/model/ids.ts';
import { CheckKind } from '#core/model/lab.ts';
import { Finding, LabResult, Persistence, Run, type RunEvent } from '#core/model/run.ts';
import { Verdict } from '#core/model/verdict.ts';

/** The name of a run's folder: time and a random part. */
export const RunId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{4}$/, 'expected the id of a run');

/** `filtering/ingress-source/spoofed-to-internet/sent-ceb.pcap`, below the folder of its run. */
export const EvidencePath = z
  .string()
  .max(400)
  .regex(/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/, 'expected the path of an evidence file below its run');

export const RunSummary = z.strictObject({
  id: RunId,
  startedAt: z.string(),
  durationMs: z.number(),
  subject: z.string(),
  verdict: Verdict,
  interrupted: z.boolean(),
  labs: z.array(
    z.strictObject({
      lab: LabId,
      title: z.string(),
      verdict: Verdict,
      persistence: Persistence,
      held: z.number().int().describe('Checks that passed'),
      checks: z.number().int(),
    }),
  ),
});
export type RunSummary = z.infer<typeof RunSummary>;

const Phase = z.enum(['now', 'restarted']);

/** RunEvent of the core, for the way between the processes. The compiler holds the two together. */
export const RunEventShape: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run.started'),
    runId: z.string(),
    topology: z.string(),
    subject: z.string(),
    folder: z.string(),
    labs: z.array(z.strictObject({ id: z.string(), title: z.string(), checks: z.number() })),
  }),
  z.strictObject({ type: z.literal('run.diagnosed'), diagnostics: z.array(DaemonDiagnostic) }),
  z.strictObject({
    type: z.literal('lab.started'),
    lab: z.string(),
    title: z.string(),
    phase: Phase,
    checks: z.array(z.strictObject({ id: z.string(), kind: CheckKind, title: z.string() })),
  }),
  z.strictObject({ type: z.literal('check.started'), lab: z.string(), check: z.string(), phase: Phase }),
  z.strictObject({ type: z.literal('check.judged'), phase: Phase, finding: Finding }),
  z.strictObject({ type: z.literal('lab.judged'), result: LabResult }),
  z.strictObject({ type: z.literal('progress'), message: z.string() }),
  z.strictObject({ type: z.literal('run.finished'), run: Run, folder: z.string() }),
]);

/** One packet of a capture. */
export const PacketRow = z.strictObject({
  number: z.number().int(),
  atMs: z.number().describe('Since the first packet'),
  source: z.string(),
  destination: z.string(),
  protocol: z.string(),
  length: z.number().int().describe('Bytes of the frame'),
  info: z.string(),
});
export type PacketRow = z.infer<typeof PacketRow>;

/** Evidence to look at; the file itself is saved by `run.saveEvidence`. */
export const EvidenceView = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string(), cut: z.boolean().describe('There is more in the file') }),
  z.strictObject({ kind: z.literal('packets'), packets: z.array(PacketRow), cut: z.boolean() }),
]);
export type EvidenceView = z.infer<typeof EvidenceView>;
