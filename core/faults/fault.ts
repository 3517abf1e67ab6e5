import type { Check } from '../model/lab.ts';
import type { Network } from '../runtime/runtime.ts';

/** Of a check, what its probe was seen to use while nothing was wrong. */
export interface Usage {
  readonly check: Check;
  /** Programs that it called, by node; each by its path. */
  readonly tools: ReadonlyMap<string, ReadonlySet<string>>;
  /** The nodes that it cannot do without, the one that it is about last. */
  readonly nodes: readonly string[];
  /** The nodes from which something was tried. */
  readonly attackers: readonly string[];
}

/** A running network, what is asked of it, and how it is made whole again. */
export interface Bench {
  readonly network: Network;
  readonly usages: readonly Usage[];
  /** Makes nodes anew from their files, and waits until they serve. */
  recreate(nodes: readonly string[]): Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * What a fault does to those who look. `blind`: whoever cannot do without what is gone has seen nothing, and gives no
 * verdict about the network. `cut`: what is tried may be lost, so its silence is no proof. `slow`: nothing is lost,
 * and all of it takes longer.
 */
export type Effect = 'blind' | 'cut' | 'slow';

/** Something that goes wrong on the way between what a network does and what a check sees of it. */
export interface Fault {
  /** In kebab-case; the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly effect: Effect;
  /** `during`: it strikes in the middle of the checks; else it is there before they begin. */
  readonly strikes: 'before' | 'during';
  /** It once, or once for each of those that it can strike. Nothing where the lab has nothing that it could. */
  cases(bench: Bench): Case[];
}

/** A fault at one place. */
export interface Case {
  /** Who is struck, such as `mx`. */
  readonly about: string;
  /** Whom it concerns. */
  readonly usages: readonly Usage[];
  inflict(): Promise<void>;
  /** Makes the network whole again; also after {@link inflict} failed in the middle. */
  lift(): Promise<void>;
}

/** The nodes that checks are about, each once. */
export function victimsOf(usages: readonly Usage[]): string[] {
  return [...new Set(usages.flatMap(({ nodes }) => nodes.slice(-1)))];
}
