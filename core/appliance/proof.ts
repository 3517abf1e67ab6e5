import type { Lab } from '../model/lab.ts';
import type { Finding } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Catchers, catchersOf, type Expectation } from './expectation.ts';
import type { Unclean } from './proving-ground.ts';

export interface Proof {
  readonly lab: string;
  /** start, solution, accept/NAME or reject/NAME. */
  readonly configuration: string;
  readonly title: string;
  readonly expectation: Expectation;
  /** Of every check of the lab; of none where the network was never complete. */
  readonly findings: readonly Finding[];
  /** What does not stand as expected, a sentence each; empty when the proof holds. */
  readonly objections: readonly string[];
  /** What did not stand at a first try, when this was the second. */
  readonly firstObjections: readonly string[];
  /** The run's folder with the evidence, kept when there are objections. */
  readonly folder: string | undefined;
  /** Nodes that the way back to the start did not leave as they had been there, and that were made anew. */
  readonly unclean: readonly Unclean[];
  readonly durationMs: number;
}

/** All proofs, for a machine. */
export interface Verification {
  readonly schema: 'breakwater.verify/1';
  readonly configurations: readonly {
    readonly lab: string;
    readonly configuration: string;
    readonly title: string;
    readonly holds: boolean;
    readonly objections: readonly string[];
    readonly firstObjections: readonly string[];
    /** Check → verdict. */
    readonly verdicts: Readonly<Record<string, Verdict>>;
    /** Of a wrong fix. */
    readonly caughtBy?: Catchers;
    readonly evidence?: string;
    readonly durationMs: number;
  }[];
  /** Wrong fixes that no check catches but those that the header names: there the lab hangs by one thread. */
  readonly onlyNamed: readonly string[];
  /** Wrong fixes that are caught, and by no check that the header names. */
  readonly onlyOthers: readonly string[];
}

export function verificationOf(proofs: readonly Proof[]): Verification {
  const caught = (those: (by: Catchers) => boolean): string[] =>
    proofs.flatMap((proof) => {
      const by = catchersOf(proof);
      return by !== undefined && those(by) ? [`${proof.lab} ${proof.configuration}`] : [];
    });
  return {
    schema: 'breakwater.verify/1',
    configurations: proofs.map((proof) => {
      const caughtBy = catchersOf(proof);
      return {
        lab: proof.lab,
        configuration: proof.configuration,
        title: proof.title,
        holds: proof.objections.length === 0,
        objections: proof.objections,
        firstObjections: proof.firstObjections,
        verdicts: Object.fromEntries(proof.findings.map((it) => [it.check, it.verdict])),
        ...(caughtBy === undefined ? {} : { caughtBy }),
        ...(proof.folder === undefined ? {} : { evidence: proof.folder }),
        durationMs: proof.durationMs,
      };
    }),
    onlyNamed: caught(({ named, others }) => named.length > 0 && others.length === 0),
    onlyOthers: caught(({ named, others }) => named.length === 0 && others.length > 0),
  };
}

/** Solution, start, and a configuration for each patch, in the order in which they are judged. */
export function namesOf(lab: Lab): string[] {
  return [
    'solution',
    'start',
    ...lab.accept.map((it) => `accept/${it.name}`),
    ...lab.reject.map((it) => `reject/${it.name}`),
  ];
}

/** How many those are. */
export function configurationsOf(lab: Lab): number {
  return namesOf(lab).length;
}

/** The i-th of n parts of the labs, from 1. Parts cost about the same: by falling cost, each lab goes to the part that has least. */
export function shardOf(labs: readonly Lab[], { index, count }: { index: number; count: number }): Lab[] {
  const parts = Array.from({ length: count }, (): { labs: Lab[]; cost: number } => ({ labs: [], cost: 0 }));
  for (const lab of labs.toSorted((a, b) => configurationsOf(b) - configurationsOf(a) || a.id.localeCompare(b.id))) {
    const least = parts.reduce((best, part) => (part.cost < best.cost ? part : best));
    least.labs.push(lab);
    least.cost += configurationsOf(lab);
  }
  return parts[index - 1]?.labs ?? [];
}
