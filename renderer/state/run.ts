import { create } from 'zustand';

import type { DaemonDiagnostic } from '#core/model/daemon-diagnostic.ts';
import type { CheckKind } from '#core/model/lab.ts';
import type { Finding, LabResult, Phase, Run, RunEvent } from '#core/model/run.ts';
import { complain } from './complaints.ts';
import { host } from './host.ts';

/** One check as the lab's screen shows it: how it stands now, and what the last look found. */
export interface CheckView {
  readonly id: string;
  /** The run that found it: not the lab's latest one, when that looked at other checks. */
  readonly run: string | undefined;
  readonly state: 'idle' | 'waiting' | 'running' | 'judged';
  readonly finding: Finding | undefined;
  /** Of the second look, after the restart. */
  readonly again: Finding | undefined;
}

/** What is known of a lab's checks. */
export interface LabRun {
  readonly run: string;
  readonly phase: Phase;
  readonly going: boolean;
  /** In the order in which they run. */
  readonly checks: readonly CheckView[];
  /** When it ended. */
  readonly result: LabResult | undefined;
  /** What daemons said of their files. */
  readonly diagnostics: readonly DaemonDiagnostic[];
}

/** The latest run of each lab. */
export const useRuns = create<{ readonly labs: Readonly<Record<string, LabRun>> }>()(() => ({ labs: {} }));

export function followRuns(): () => void {
  const stop = host().on('run.event', take);
  host()
    .call('run.current', {})
    .then((events) => events.forEach(take), complain);
  return stop;
}

/** Shows the trainee's latest earlier run of a lab, unless something newer is there. */
export async function recallRun(lab: string): Promise<void> {
  if (useRuns.getState().labs[lab] !== undefined) return;
  const latest = (await host().call('run.list', { lab })).find((it) => it.subject === trainees);
  if (latest === undefined) return;
  const run = await host().call('run.read', { run: latest.id });
  useRuns.setState(({ labs }) => (labs[lab] === undefined ? { labs: { ...labs, ...viewsOf(run) } } : {}));
}

/** The subject of a run that judged the trainee's own configuration. */
const trainees = 'workspace';

let current:
  | { readonly id: string; readonly own: boolean; readonly diagnostics: readonly DaemonDiagnostic[] }
  | undefined;

/** Runs of a demo are told too, and are not the trainee's. */
function take(event: RunEvent): void {
  if (event.type === 'run.started') current = { id: event.runId, own: event.subject === trainees, diagnostics: [] };
  if (event.type === 'run.diagnosed' && current !== undefined)
    current = { ...current, diagnostics: [...current.diagnostics, ...event.diagnostics] };
  if (current?.own === true)
    useRuns.setState(({ labs }) => ({ labs: fold(labs, event, current?.id ?? '', current?.diagnostics) }));
}

/** The next state, of the last one and what happened. */
export function fold(
  labs: Readonly<Record<string, LabRun>>,
  event: RunEvent,
  run: string,
  diagnostics: readonly DaemonDiagnostic[] = [],
): Readonly<Record<string, LabRun>> {
  const change = (lab: string, next: (it: LabRun) => LabRun): Readonly<Record<string, LabRun>> => {
    const now = labs[lab];
    return now === undefined ? labs : { ...labs, [lab]: next(now) };
  };
  const changeCheck = (lab: string, check: string, next: (it: CheckView) => CheckView): typeof labs =>
    change(lab, (it) => ({ ...it, checks: it.checks.map((view) => (view.id === check ? next(view) : view)) }));

  switch (event.type) {
    case 'lab.started': {
      const before = labs[event.lab]?.checks ?? [];
      const planned = event.checks.map(({ id }): CheckView => {
        const earlier = before.find((it) => it.id === id);
        const finding = event.phase === 'restarted' ? earlier?.finding : undefined;
        return { id, run, state: 'waiting', finding, again: undefined };
      });
      // A run of one check leaves what is known of the others.
      const others = before.filter((it) => !planned.some(({ id }) => id === it.id));
      return {
        ...labs,
        [event.lab]: {
          run,
          phase: event.phase,
          going: true,
          checks: [...planned, ...others],
          result: undefined,
          diagnostics,
        },
      };
    }
    case 'check.started':
      return changeCheck(event.lab, event.check, (it) => ({ ...it, state: 'running' }));
    case 'check.judged': {
      const seen = event.phase === 'now' ? { finding: event.finding } : { again: event.finding };
      return changeCheck(event.finding.lab, event.finding.check, (it) => ({ ...it, ...seen, state: 'judged' }));
    }
    case 'lab.judged':
      return change(event.result.lab, (it) => ({
        ...it,
        going: false,
        result: event.result,
        checks: it.checks.map((view) => ({ ...view, state: view.finding === undefined ? 'idle' : 'judged' })),
      }));
    case 'run.finished':
      return Object.fromEntries(Object.entries(labs).map(([lab, it]) => [lab, { ...it, going: false }]));
    case 'run.started':
    case 'run.diagnosed':
    case 'progress':
      return labs;
  }
}

function viewsOf(run: Run): Record<string, LabRun> {
  return Object.fromEntries(
    run.labs.map((result) => [
      result.lab,
      {
        run: run.id,
        phase: result.afterRestart.length > 0 ? ('restarted' as const) : ('now' as const),
        going: false,
        result,
        diagnostics: run.diagnostics,
        checks: result.findings.map((finding) => ({
          id: finding.check,
          run: run.id,
          state: 'judged' as const,
          finding,
          again: result.afterRestart.find((it) => it.check === finding.check),
        })),
      },
    ]),
  );
}

export const kindTitles: Readonly<Record<CheckKind, string>> = {
  abuse: 'Attacks that must be stopped',
  inspection: 'What must be so',
  service: 'Use that must go on',
};
