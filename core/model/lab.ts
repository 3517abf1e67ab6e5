import { z } from 'zod';

import { LabId, LocalId, NodeName } from './ids.ts';
import { PlaceClass } from './places.ts';

export const CheckKind = z.enum(['abuse', 'inspection', 'service']);
export type CheckKind = z.infer<typeof CheckKind>;

/** The order in which checks run: a fault in a lower layer explains all those above it. */
export const Layer = z.enum(['link', 'address', 'route', 'service']);
export type Layer = z.infer<typeof Layer>;

/** The sentences of a lab's goals. */
export function goalsOf({ goals }: Pick<LabFile, 'goals'>): string[] {
  return goals.map((it) => (typeof it === 'string' ? it : it.goal));
}

/** One check as written in `lab.yml`. `with` belongs to the probe and is checked against its schema. */
export const Check = z.strictObject({
  id: LocalId.describe('Stable name of the check inside the lab'),
  kind: CheckKind.describe(
    'abuse: the attack must be stopped; inspection: something must be so; service: legitimate use must go on',
  ),
  title: z.string().min(1).describe('What must hold, as a sentence'),
  control: LabId.optional().describe('The control it judges; the first of `controls` when left out'),
  layer: Layer.default('service').describe('Lower layers run first: link, address, route, service'),
  probe: z.string().describe('Name of a probe in the registry'),
  with: z.record(z.string(), z.unknown()).default({}).describe("The probe's parameters"),
  timeoutMs: z.number().int().min(100).max(120_000).default(20_000).describe('Deadline of the whole check'),
});
export type Check = z.infer<typeof Check>;

/** `lab.yml` as written: an exercise. Its id is its path below `labs/`. */
export const LabFile = z.strictObject({
  title: z.string().min(1).describe('Title, as shown in lists'),
  summary: z.string().min(1).describe('One sentence: what goes wrong and for whom'),
  controls: z.array(LabId).min(1).describe('Rows of controls.yml that this lab exercises'),
  topology: NodeName.default('isp').describe('Folder below topologies/'),
  nodes: z.array(NodeName).min(1).describe('Nodes the exercise needs, and those that carry their packets'),
  mend: z.array(NodeName).min(1).describe('Nodes where the trainee is expected to work'),
  minutes: z.number().int().min(1).max(240).describe('How long a trainee needs'),
  goals: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          goal: z.string().min(1),
          classes: z.array(PlaceClass).min(1).describe('Classes of places that it speaks of; a check has to try each'),
        }),
      ]),
    )
    .min(1)
    .describe('What must be true at the end, with the classes of places that it speaks of'),
  hints: z.array(z.string().min(1)).min(3).describe('Steps of help, from a direction to the solution; Markdown'),
  checks: z.array(Check).min(2).describe('At least one service check and one of another kind'),
});
export type LabFile = z.infer<typeof LabFile>;

/** A patch file of a lab, parsed: the header, and the unified diff over `<node>/etc/…` paths. */
export interface LabPatch {
  /** The file name without `.patch`: `scene`, `break`, or what it is called below accept/ and reject/. */
  readonly name: string;
  readonly file: string;
  /** `Title:` of the header. */
  readonly title: string;
  /** `Why:` of the header. */
  readonly why: string;
  /** `Fails:` of a reject patch: ids of checks of which at least one must fail. Empty otherwise. */
  readonly fails: readonly string[];
  /** `Reason:` of a scene: why it touches nodes where the trainee works. Empty otherwise. */
  readonly reason?: string;
  /** The diff itself, ready for `git apply`. */
  readonly diff: string;
  /** Configuration files that it touches, `<node>/etc/…`. */
  readonly paths: readonly string[];
}

/** A lab that was loaded and found sound. */
export interface Lab extends LabFile {
  readonly id: LabId;
  /** Absolute folder of the lab. */
  readonly folder: string;
  /** Markdown of `brief.md`. */
  readonly brief: string;
  /** What is so before the mistake and stays when it is gone: circumstances that make the difference visible. */
  readonly scene?: LabPatch;
  /** The mistake, made in the scene. */
  readonly break: LabPatch;
  readonly accept: readonly LabPatch[];
  readonly reject: readonly LabPatch[];
}
