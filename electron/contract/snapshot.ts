import { z } from 'zod';

import { LabId, NodeName } from '#core/model/ids.ts';
import { CheckKind } from '#core/model/lab.ts';
import { Verdict } from '#core/model/verdict.ts';

/** Long work that main is doing; the last message of its progress stands beside it. */
export const TaskName = z.enum([
  'host.buildImage',
  'network.up',
  'network.down',
  'network.reset',
  'network.solve',
  'snapshots.restore',
  'run.check',
  'demo.open',
  'demo.control',
  'demo.attack',
  'demo.close',
]);
export type TaskName = z.infer<typeof TaskName>;

/** The network that a trainee works on. */
export const NetworkState = z.strictObject({
  lab: LabId.nullable().describe('null: the hardened baseline'),
  nodes: z.array(NodeName),
  startedAt: z.string(),
  configs: z.string().describe('Folder of its configuration files'),
});
export type NetworkState = z.infer<typeof NetworkState>;

/** A check run as far as it has come; all of it is in `run.current`. */
export const RunningCheck = z.strictObject({
  lab: LabId,
  phase: z.enum(['now', 'restarted']),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      kind: CheckKind,
      title: z.string(),
      state: z.enum(['waiting', 'running', 'judged']),
      verdict: Verdict.optional(),
    }),
  ),
});
export type RunningCheck = z.infer<typeof RunningCheck>;

/** A demo's own network, beside the trainee's. */
export const DemoState = z.strictObject({ lab: LabId, control: z.boolean(), nodes: z.array(NodeName) });
export type DemoState = z.infer<typeof DemoState>;

/** Which verdicts are about the trainee's network as it is now; a verdict that is not is outdated. */
export const CurrentVerdicts = z.strictObject({
  runs: z.array(z.string()).describe('Ids of runs, the one that goes on among them'),
  since: z.array(z.string()).describe('What has happened since the last one, when none is current any more'),
});
export type CurrentVerdicts = z.infer<typeof CurrentVerdicts>;

/** The truth, which is in main. Each change raises the revision by one. */
export const Snapshot = z.strictObject({
  revision: z.number().int(),
  version: z.string(),
  tasks: z.array(z.strictObject({ task: TaskName, message: z.string() })),
  network: NetworkState.nullable(),
  run: RunningCheck.nullable(),
  verdicts: CurrentVerdicts,
  demo: DemoState.nullable(),
  terminals: z.array(z.strictObject({ terminal: z.string(), node: NodeName })),
});
export type Snapshot = z.infer<typeof Snapshot>;
