import { type DaemonDiagnostic, formatDaemonDiagnostic, refusalsIn } from '../model/daemon-diagnostic.ts';
import type { Finding } from '../model/run.ts';

/** What a lab's configuration has to do to its checks. */
export type Expectation =
  | { kind: 'broken' } // every abuse and every inspection check fails, every service check passes
  | { kind: 'sound' } // every check passes
  | { kind: 'caught'; by: readonly string[] }; // at least one of the named checks fails

interface Judged {
  readonly expectation: Expectation;
  /** Of every check of the lab. */
  readonly findings: readonly Finding[];
}

/** The checks that fail on a wrong fix: those that its header names, and all others. */
export interface Catchers {
  readonly named: readonly string[];
  readonly others: readonly string[];
}

/** Who catches a wrong fix; undefined for a configuration that is none. */
export function catchersOf({ expectation, findings }: Judged): Catchers | undefined {
  if (expectation.kind !== 'caught') return undefined;
  const failed = findings.filter((it) => it.verdict === 'fail').map((it) => it.check);
  return {
    named: failed.filter((it) => expectation.by.includes(it)),
    others: failed.filter((it) => !expectation.by.includes(it)),
  };
}

/** Where the findings are not what the configuration promised. */
export function objectionsTo(expectation: Expectation, findings: readonly Finding[]): string[] {
  const complain = (finding: Finding, wanted: string): string =>
    `${finding.check} is ${finding.verdict}, expected ${wanted}: ${finding.reason}`;
  switch (expectation.kind) {
    case 'sound':
      return findings.filter((it) => it.verdict !== 'pass').map((it) => complain(it, 'pass'));
    case 'broken':
      return findings.flatMap((it) => {
        const wanted = it.kind === 'service' ? 'pass' : 'fail';
        return it.verdict === wanted ? [] : [complain(it, wanted)];
      });
    case 'caught': {
      const { named, others } = catchersOf({ expectation, findings }) as Catchers;
      if (named.length > 0) return [];
      const missed = findings.filter((it) => expectation.by.includes(it.check)).map((it) => complain(it, 'fail'));
      return others.length === 0
        ? missed
        : [`only ${others.join(', ')} caught it, and its header does not say so`, ...missed];
    }
  }
}

/** A right fix, and the mistake of a lab, are files that daemons take; a wrong fix may be one that they do not. */
export function refusalsUnder(expectation: Expectation, diagnostics: readonly DaemonDiagnostic[]): string[] {
  return expectation.kind === 'caught' ? [] : refusalsIn(diagnostics).map(formatDaemonDiagnostic);
}

/** No check was asked, since the network was never complete. Nothing more was asked of the lab then. */
export function isUnready({ findings }: Pick<Judged, 'findings'>): boolean {
  return findings.length === 0;
}
