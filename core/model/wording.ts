import { meaningOf, refusalsIn } from './daemon-diagnostic.ts';
import type { CheckKind } from './lab.ts';
import type { Attempt } from './observation.ts';
import type { Finding, LabResult, Run } from './run.ts';
import { type Verdict, worstVerdict } from './verdict.ts';

/** What became of one attempt, seen from the side of the check: the same words in every report. */
export interface Outcome {
  /** `good`: as it should be; `bad`: as it must not be; `unseen`: no evidence. */
  readonly tone: 'good' | 'bad' | 'unseen';
  readonly word:
    | 'stopped'
    | 'got through'
    | 'not found'
    | 'found'
    | 'works'
    | 'does not work'
    | 'not seen leaving'
    | 'not read';
}

/** A canary is legitimate traffic inside an attack, so it is judged as a service is. */
export function outcomeOf(kind: CheckKind, attempt: Attempt): Outcome {
  const attack = kind !== 'service' && attempt.role === 'try';
  const fault = kind === 'inspection';
  if (attack && attempt.succeeded) return { tone: 'bad', word: fault ? 'found' : 'got through' };
  if (!attempt.sent) return { tone: 'unseen', word: fault && attack ? 'not read' : 'not seen leaving' };
  if (attack) return { tone: 'good', word: fault ? 'not found' : 'stopped' };
  return attempt.succeeded ? { tone: 'good', word: 'works' } : { tone: 'bad', word: 'does not work' };
}

export const glyphs: Record<Verdict, string> = { pass: '✔', fail: '✖', inconclusive: '?', error: '!' };

export function familyName(attempt: Attempt): string {
  if (attempt.family === undefined) return '';
  return attempt.family === 'v4' ? 'IPv4' : 'IPv6';
}

/** The checks of labs, each once: by the worse of what it was now and after the restart. */
export function finalFindings(labs: readonly LabResult[]): readonly Pick<Finding, 'verdict'>[] {
  return labs.flatMap((lab) =>
    lab.findings.map(({ check, verdict }) => {
      const again = lab.afterRestart.filter((it) => it.check === check).map((it) => it.verdict);
      return { verdict: worstVerdict([verdict, ...again]) };
    }),
  );
}

/** How a lab stands, in a few words. */
export function standing(lab: LabResult): string {
  return [countVerdicts(finalFindings([lab])), persistenceWords[lab.persistence]].filter(Boolean).join(', ');
}

/** `5 passed, 1 failed, 2 inconclusive`; what does not occur is not said. */
export function countVerdicts(findings: readonly Pick<Finding, 'verdict'>[]): string {
  const words: Record<Verdict, string> = {
    pass: 'passed',
    fail: 'failed',
    inconclusive: 'inconclusive',
    error: 'in error',
  };
  const parts = (['pass', 'fail', 'inconclusive', 'error'] as const).flatMap((verdict) => {
    const count = findings.filter((it) => it.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${words[verdict]}`];
  });
  return parts.join(', ') || 'no checks';
}

const persistenceWords = {
  kept: 'kept at restart',
  lost: 'lost at restart',
  'not-tried': '',
} as const satisfies Record<LabResult['persistence'], string>;

export const lostExplained =
  'Everything passed on the running network. Then the nodes were started again from their files, and it no longer held: ' +
  'the change was made in a running daemon or kernel and never saved. A reboot would undo it. ' +
  'Save it where the node reads it at start: `write memory` in vtysh, /etc/nftables.conf, /etc/sysctl.d/, the service’s own files in /etc.';

/** One sentence over the whole run, for a headline. */
export function headline(run: Run): string {
  const passed = run.labs.filter((it) => it.verdict === 'pass').length;
  const of = `${run.labs.length} ${run.labs.length === 1 ? 'lab' : 'labs'}`;
  if (run.problem !== undefined) return `Nothing was judged: ${run.problem.split('\n')[0]}`;
  if (run.interrupted) return `Interrupted: ${passed} of ${of} passed so far`;
  const [refusal] = refusalsIn(run.diagnostics);
  const because = refusal === undefined ? '' : `: ${meaningOf(refusal)}`;
  if (run.labs.length === 1) return run.verdict === 'pass' ? 'The lab passes' : `The lab does not pass${because}`;
  if (run.verdict === 'pass') return `All ${of} pass`;
  return `${passed} of ${of} ${passed === 1 ? 'passes' : 'pass'}`;
}

/** `840 ms`, `12.4 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2026-11-21 21:30:00 UTC`: the same on every machine. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
