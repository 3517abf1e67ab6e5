import type { z } from 'zod';

import type { Draws } from '../model/draws.ts';
import type { Observation } from '../model/observation.ts';
import type { CheckKind } from '../model/lab.ts';
import type { PlaceClass } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';

/**
 * One measurement or one attack step. A probe wraps one of the field's tools once; it looks, it
 * never judges: whether a success is good or bad is the check's business.
 */
export interface Probe<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** One sentence for `docs/probes.md` and for the JSON Schema of `lab.yml`. */
  readonly summary: string;
  readonly params: Schema;
  /** It changes the network while it runs, so nothing else may run beside it. */
  readonly exclusive?: boolean;
  /** How long it may take to put back what it changed, when it is cut short; 5 s when left out. No other check begins before. */
  readonly undoMs?: number;
  /** Nodes it touches. A check with a node that is absent or stopped is an error, with one message. */
  nodes(params: z.infer<Schema>, plan: Plan): readonly string[];
  /** The classes of places that it acts from or on: a goal that names one is held to it. */
  classes?(params: z.infer<Schema>): readonly PlaceClass[];
  observe(params: z.infer<Schema>, context: ProbeContext): Promise<Observation>;
}

export interface ProbeContext {
  readonly network: Network;
  readonly plan: Plan;
  readonly kind: CheckKind;
  /** Random for every check of every run; goes into payloads, subjects and labels, so that old traffic is never taken for new. */
  readonly nonce: string;
  /** Values of large classes are drawn from it. The same for a check whenever the run has the same seed, also after a restart. */
  readonly draws: Draws;
  /** Ends when the check's deadline passes or the run is cancelled. */
  readonly signal: AbortSignal;
  /** Keeps raw material in the run's folder and returns its path there. */
  keep(name: string, content: string | Buffer): Promise<string>;
}

/** Typed at its definition, uniform in the registry. */
export function defineProbe<Schema extends z.ZodType>(probe: Probe<Schema>): Probe {
  return probe as unknown as Probe;
}
